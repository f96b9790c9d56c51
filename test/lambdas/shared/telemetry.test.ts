import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { METRICS } from '../../../lambdas/shared/metric-names.ts';
import { createTelemetry, errorFields, type LogFields } from '../../../lambdas/shared/telemetry.ts';

const lines: string[] = [];
const consoles: { mockRestore(): void }[] = [];
const keep = (line: unknown) => {
  lines.push(String(line));
};

beforeEach(() => {
  // In Lambda, Powertools brings a console of its own; this makes it use the global one.
  process.env.POWERTOOLS_DEV = 'true';
  process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  lines.length = 0;
  for (const level of ['log', 'info', 'warn', 'error'] as const)
    consoles.push(jest.spyOn(console, level).mockImplementation(keep));
});
afterEach(() => {
  for (const one of consoles.splice(0)) one.mockRestore();
  delete process.env.POWERTOOLS_DEV;
  delete process.env.POWERTOOLS_METRICS_DISABLED;
});

test('a log line has the allowed fields and no other, whatever it is given', () => {
  const fields = {
    correlationId: 'c-1',
    status: 201,
    body: 'secret',
    name: 'Nora',
    authorization: 'Bearer x',
  } as LogFields;
  createTelemetry('payments').info('answered', fields);
  const line = JSON.parse(lines[0] ?? '');
  expect(line).toMatchObject({
    level: 'INFO',
    message: 'answered',
    service: 'payments',
    correlationId: 'c-1',
    status: 201,
  });
  expect(lines[0]).not.toMatch(/secret|Nora|Bearer/);
});

test('a text is cut at 2000 characters', () => {
  createTelemetry('payments').error('unforeseen error', { errorMessage: 'x'.repeat(5_000) });
  expect(JSON.parse(lines[0] ?? '').errorMessage).toHaveLength(2_000);
});

test('what was thrown and is no Error is not written out', () => {
  expect(errorFields({ card: '4111111111111111' })).toEqual({
    errorName: 'object',
    errorMessage: 'something that is no Error was thrown',
  });
});

test('metrics are EMF in namespace Baseload under the capability, written once per flush', () => {
  const telemetry = createTelemetry('payments');
  telemetry.count(METRICS.paymentsAccepted);
  telemetry.count(METRICS.paymentsAccepted);
  telemetry.milliseconds(METRICS.requestMs, 12);
  telemetry.flush();
  telemetry.flush();
  expect(lines).toHaveLength(1);
  const emf = JSON.parse(lines[0] ?? '');
  expect(emf).toMatchObject({ service: 'payments', PaymentsAccepted: [1, 1], RequestMs: 12 });
  expect(emf._aws.CloudWatchMetrics).toEqual([
    {
      Namespace: 'Baseload',
      Dimensions: [['service']],
      Metrics: [
        { Name: 'PaymentsAccepted', Unit: 'Count' },
        { Name: 'RequestMs', Unit: 'Milliseconds' },
      ],
    },
  ]);
});

test('what concerns the whole Region is published for it, whichever function counts it', () => {
  const telemetry = createTelemetry('issue-bills');
  telemetry.count(METRICS.corruptFact);
  telemetry.count(METRICS.billsIssued);
  telemetry.flush();
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ service: 'issue-bills', BillsIssued: 1 }),
    expect.objectContaining({ service: 'region', CorruptFact: 1 }),
  ]);
});

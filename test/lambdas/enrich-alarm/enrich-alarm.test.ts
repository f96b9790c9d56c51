// Owns the proof that a page goes out whatever its sources do, in bounded time, and that one that was not taken is not forgotten.
import { beforeEach, expect, test } from '@jest/globals';
import { MemoryRegionState } from '../../../lambdas/adapters/memory/region-state.ts';
import { gatherContext } from '../../../lambdas/enrich-alarm/context.ts';
import {
  createEnrichAlarmHandler,
  type EnrichAlarmDeps,
} from '../../../lambdas/enrich-alarm/create-enrich-alarm-handler.ts';
import type { Page } from '../../../lambdas/ports/pager.ts';
import type { PageAnswer } from '../../../lambdas/ports/region-pages.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { alarmEvent, SCOPE } from './news.ts';

let published: Page[];
let telemetry: RecordingTelemetry;
let asked: string[];

beforeEach(() => {
  [published, asked] = [[], []];
  telemetry = new RecordingTelemetry();
});

const sources = (evacuatedPage: PageAnswer = { kind: 'answered', status: 404 }): EnrichAlarmDeps['sources'] => ({
  region: 'us-east-1',
  peer: 'us-west-2',
  peerHostname: SCOPE.hostnames.peer,
  alarms: { ringing: async () => [] },
  deployments: { latest: async () => [] },
  regionState: new MemoryRegionState(),
  pages: {
    ask: async (hostname, path) => {
      asked.push(`${hostname}${path}`);
      return evacuatedPage;
    },
  },
});

const tell = (changes: Partial<EnrichAlarmDeps> = {}): Promise<void> =>
  createEnrichAlarmHandler({
    sources: sources(),
    scope: SCOPE,
    pager: { publish: async (page) => void published.push(page) },
    telemetry,
    ...changes,
  })(alarmEvent());

test('the page is published, and one line says so', async () => {
  await tell();
  expect(published.map(({ tier, text }) => [tier, text.includes('Not known')])).toEqual([['P0', false]]);
  expect(asked).toEqual(['us-west-2.billing.example.com/evacuated/us-east-1']);
  expect(telemetry.lines).toEqual([
    { level: 'info', message: 'page published', fields: { outcome: 'P0', reason: published[0]?.subject } },
  ]);
});

test('every source may fail by itself, or all: the page goes out and names them', async () => {
  const down = (what: string) => () => Promise.reject(new Error(`${what} is down`));
  await tell({
    sources: {
      ...sources({ kind: 'silent', why: 'connect ECONNREFUSED' }),
      alarms: { ringing: down('CloudWatch') },
      deployments: { latest: down('CodeDeploy') },
      regionState: { isEvacuated: down('DynamoDB') },
    },
  });
  expect(published[0]?.text).toContain(`Not known:
  - what else rings: CloudWatch is down
  - what was deployed: CodeDeploy is down
  - whether the other Region is evacuated: DynamoDB is down
  - whether this Region is evacuated: us-west-2 does not answer: connect ECONNREFUSED
`);
});

test('a new alarm that is OK for the first time is no recovery', async () => {
  const handler = createEnrichAlarmHandler({
    sources: sources(),
    scope: SCOPE,
    pager: { publish: async (page) => void published.push(page) },
    telemetry,
  });
  await handler(alarmEvent({ state: 'OK', before: 'INSUFFICIENT_DATA' }));
  expect([published, asked]).toEqual([[], []]);
  await handler(alarmEvent({ state: 'OK' }));
  expect(published.map(({ subject }) => subject)).toEqual(['P0 us-east-1 ledger-refusals OK: recovered']);
});

test('a source that never answers holds up nothing', async () => {
  const never = () => new Promise<never>(() => undefined);
  const context = await gatherContext({ ...sources(), alarms: { ringing: never }, deployments: { latest: never } }, 30);
  expect(context).toEqual({
    ringing: { kind: 'unknown', why: 'no answer within 30 ms' },
    deployments: { kind: 'unknown', why: 'no answer within 30 ms' },
    peerEvacuated: { kind: 'known', value: false },
    ownEvacuated: { kind: 'known', value: false },
  });
});

test('whether this Region is evacuated is what its peer serves', async () => {
  const own = async (answer: PageAnswer) => (await gatherContext(sources(answer), 1_000)).ownEvacuated;
  expect(await own({ kind: 'answered', status: 200 })).toEqual({ kind: 'known', value: true });
  expect(await own({ kind: 'answered', status: 503 })).toEqual({ kind: 'unknown', why: 'us-west-2 answered 503' });
});

test('a page that was not taken is thrown, so that the call comes again', async () => {
  await expect(tell({ pager: { publish: () => Promise.reject(new Error('SNS is down')) } })).rejects.toThrow(
    'SNS is down',
  );
  expect(telemetry.text).toContain('an alarm could not be told with its context');
  expect(telemetry.flushes).toBe(1);
});

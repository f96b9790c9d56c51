// The proof that reconciliation finds what the processor did beside the ledger: exactly that, once, although both Regions run.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openAccounts, operatorDynamo, readLedger } from '../../drills/auditor/auditor.ts';
import { settled } from '../../drills/pair/settled.ts';
import { baseload as commandLine } from '../cli/two-regions.ts';
import { TABLES } from '../engine/tables.ts';
import { sharedRun } from './shared-run.ts';

const baseload = sharedRun();
const ACCOUNT = 'us_reconciled';
const DAY_MS = 86_400_000;
const [EAST = ''] = baseload.regionNames;

interface Charge {
  readonly reference: string;
  readonly paymentId?: string;
  readonly status: string;
  readonly atMs: number;
}

describe('reconciliation', () => {
  let processor = '';
  /** A day on which nothing has happened in this run, long before it. */
  let date = '';
  let noonMs = 0;

  const plant = async (charge: object): Promise<void> => {
    const response = await fetch(`${processor}/admin/charges`, { method: 'POST', body: JSON.stringify(charge) });
    expect(response.status).toBe(200);
  };
  const collectedFor = async (paymentId: string): Promise<Charge | undefined> => {
    const { charges } = (await (await fetch(`${processor}/admin/books`)).json()) as { charges: readonly Charge[] };
    return charges.find((charge) => charge.paymentId === paymentId && charge.status === 'collected');
  };
  const ledger = async () => readLedger(operatorDynamo(await baseload.dynamodb(EAST), EAST), TABLES.ledger);
  const differences = async () =>
    (await ledger())
      .filter(({ body }) => body['type'] === 'DifferenceFound' && body['window'] === date)
      .map(({ body }) => [body['kind'], body['reference'], body['ledgerMinor'], body['processorMinor']])
      .sort();

  beforeAll(async () => {
    await settled(baseload);
    await openAccounts(baseload, [ACCOUNT]);
    ({ processor } = await baseload.wiring());
    const { clock } = await baseload.state();
    noonMs = Math.floor(clock.nowMs / DAY_MS) * DAY_MS - 40 * DAY_MS + DAY_MS / 2;
    date = new Date(noonMs).toISOString().slice(0, 10);
  }, 120_000);

  test('finds a planted charge and a changed amount, once, and the command line shows them', async () => {
    const token = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:pay billing:read' });
    const paid = await baseload.api('POST', `/v1/accounts/${ACCOUNT}/payments`, {
      token,
      idempotencyKey: 'reconciled',
      body: { amountMinor: 4_200, currency: 'USD', method: 'card' },
    });
    const { paymentId } = paid.body as { paymentId: string };
    await baseload.waitFor('the payment settled', async () =>
      (await ledger()).some(({ body }) => body['type'] === 'PaymentSettled' && body['paymentId'] === paymentId),
    );
    const { reference = '', atMs } = (await collectedFor(paymentId)) ?? {};
    await plant({ reference, amountMinor: 4_000, atMs: noonMs });
    await plant({ reference: 'extra_reconciled', amountMinor: 777, atMs: noonMs + 1 });

    const run = async () => {
      const answer = await baseload.control('POST', '/api/schedules/baseload-us-reconcile/run', { date });
      expect([answer.status, answer.body.regions]).toEqual([200, baseload.regionNames]);
    };
    await run();
    const expected = [
      ['amount-differs', reference, 4_200, 4_000],
      ['charged-but-not-accepted', 'extra_reconciled', undefined, 777],
    ];
    expect(await differences()).toEqual(expected);
    await run();
    expect(await differences()).toEqual(expected);

    const shown = () => commandLine(['reconcile', '--control', baseload.ready.control, '--date', date, '--json']);
    const { value } = await baseload.waitFor('the view shows both', async () => {
      const { printed } = await shown();
      return printed.length === 2 && printed.map((line) => JSON.parse(line) as { kind: string; reference: string });
    });
    expect(value.map(({ kind, reference: name }) => [kind, name]).sort()).toEqual(
      expected.map(([kind, name]) => [kind, name]),
    );
    // As it was, and back in its own day: the run is shared.
    await plant({ reference, amountMinor: 4_200, atMs });
  }, 120_000);
});

// Owns the lookups of a payer beside the reads they are made of: a bill, the same with an ETag, a page of the statement.
// Leaves to bill-lookup.ts the calls.
import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { toItem } from '../../lambdas/adapters/dynamo/fact-item.ts';
import { between } from '../../lambdas/adapters/dynamo/paging.ts';
import { storeFact } from '../../lambdas/adapters/stored-fact.ts';
import { billsDownTo, TOTALS_KEY } from '../../lambdas/adapters/view-rows.ts';
import { onEngine } from '../engine/bench-engine.ts';
import { type Consumed, startMeter } from '../engine/meter.ts';
import { sdkClient } from '../engine/sdk-client.ts';
import { TABLES } from '../engine/tables.ts';
import { comparison, consumedBy } from '../harness/consumption.ts';
import { interleave, type Prepare } from '../harness/interleave.ts';
import type { Measurement } from '../harness/measurement.ts';
import { ratioOf } from '../harness/statistics.ts';
import { billOf, lookUpBill, lookUpStatement } from '../workload/bill-lookup.ts';
import { openHandler } from '../workload/bundled-handler.ts';
import { fillAccounts, fillWatermarks } from '../workload/fill.ts';
import { accountName, billed, billPeriod, historyOf, opened } from '../workload/history.ts';

/** So many that none is asked for more than five lookups in ten seconds. */
const ACCOUNTS = 1_000;
/** Two years of bills, and a few payments. */
const HISTORY = { size: 30, bills: 24 };
const ROUNDS = { rounds: 40, operations: 50, warmUp: 8 * ACCOUNTS };
const COUNTED = { count: 100, repeatAfter: ACCOUNTS };
const LATEST = HISTORY.bills - 1;

const accountOf = (n: number) => accountName(`reader${n % ACCOUNTS}`);

/** Enough for one worker to meet each of them once. */
const STRANGERS = ROUNDS.warmUp + ROUNDS.rounds * ROUNDS.operations;
const strangerOf = (n: number) => accountName(`stranger${n}`);

const openBareGet = (endpoint: string): Prepare => {
  const client = sdkClient(endpoint);
  const { sk = { S: '' } } = toItem(storeFact(billed(opened(accountOf(0)), LATEST)));
  return (n) => async () => {
    const Key = { pk: { S: accountOf(n) }, sk };
    const { Item } = await client.send(new GetItemCommand({ TableName: TABLES.views, Key, ConsistentRead: true }));
    if (Item === undefined) throw new Error(`the view lacks the bill of ${accountOf(n)}`);
  };
};

/** What the lookup of the newest bill reads: the totals, the facts of the bill, the totals again. */
const openBareReads = (endpoint: string): Prepare => {
  const client = sdkClient(endpoint);
  const { from, to } = billsDownTo(billPeriod(LATEST));
  return (n) => async () => {
    const TableName = TABLES.views;
    const Key = { pk: { S: accountOf(n) }, sk: { S: TOTALS_KEY } };
    await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    const { Items = [] } = await client.send(new QueryCommand({ TableName, ...between(accountOf(n), from, to) }));
    if (Items.length !== 1) throw new Error(`the view lacks the bill of ${accountOf(n)}`);
    await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  };
};

/** Each with a function of its own: one account's lookups of one kind are not counted against those of another. */
const LOOKUPS: readonly { readonly name: string; readonly open: (endpoint: string) => Prepare }[] = [
  { name: 'bare GetItem of the bill', open: openBareGet },
  { name: 'bare, the reads that a bill needs', open: openBareReads },
  {
    name: 'GET bill, nothing new on the account',
    open: (endpoint) => {
      const handler = openHandler('lookup', endpoint);
      return (n) => lookUpBill(handler, { accountId: accountOf(n), billId: billOf(LATEST) });
    },
  },
  {
    name: 'GET bill, of an account not seen before',
    open: (endpoint) => {
      const handler = openHandler('lookup', endpoint);
      let seen = 0;
      return () => lookUpBill(handler, { accountId: strangerOf(seen++), billId: billOf(0) });
    },
  },
  {
    name: 'GET bill, nothing new: 304',
    open: (endpoint) => {
      const handler = openHandler('lookup', endpoint);
      const etags = new Map<string, string>();
      return (n) => {
        const asked = { accountId: accountOf(n), billId: billOf(LATEST) };
        const etag = etags.get(asked.accountId);
        const lookUp = lookUpBill(handler, etag === undefined ? asked : { ...asked, etag });
        return async () => {
          const { headers } = await lookUp();
          etags.set(asked.accountId, String(headers.ETag));
        };
      };
    },
  },
  {
    name: 'GET statement, a page of 30 lines',
    open: (endpoint) => {
      const handler = openHandler('lookup', endpoint);
      return (n) => lookUpStatement(handler, accountOf(n));
    },
  },
];

export const measureLookup: Measurement = ({ progress }) =>
  onEngine(async (engine) => {
    progress(`filling ${ACCOUNTS} accounts of ${HISTORY.size} facts`);
    const accounts = Array.from({ length: ACCOUNTS }, (_, n) => opened(accountOf(n)));
    await fillAccounts(
      engine,
      accounts.map((account) => [...historyOf(account, HISTORY)]),
    );
    progress(`filling ${STRANGERS} accounts with a bill each`);
    await fillAccounts(
      engine,
      Array.from({ length: STRANGERS }, (_, n) => [...historyOf(opened(strangerOf(n)), { size: 2, bills: 1 })]),
    );
    await fillWatermarks(engine);
    const meter = await startMeter(engine.endpoint);
    const consumed: Consumed[] = [];
    for (const { name, open } of LOOKUPS) {
      progress(`counting: ${name}`);
      consumed.push(await consumedBy(meter, open(meter.endpoint), COUNTED));
    }
    await meter.stop();
    const contenders = LOOKUPS.map(({ name, open }) => ({ name, prepare: open(engine.endpoint) }));
    const timed = await interleave(contenders, ROUNDS, progress);
    const [bare = [], , bill = []] = timed.map(({ rates }) => rates);
    return {
      tables: [comparison('lookup', 'lookups/s', timed, consumed)],
      targets: [
        { what: 'rate of a bill, of a bare GetItem', measured: ratioOf(bill, bare).median, bound: { atLeast: 0.7 } },
      ],
      notes: [
        `One after the other, as one Lambda environment works, on ${ACCOUNTS} accounts with ${HISTORY.bills} bills each; each with what a worker keeps of it; the first lookup of an account also reads its opening.`,
        'Fractions of a request: the watermark and the state of the view, which a worker reads once a second.',
      ],
    };
  });

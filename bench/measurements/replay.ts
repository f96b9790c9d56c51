// Owns how fast the whole ledger is read, checked, verified against a view, and made into a view again, beside a bare parallel scan.
// Leaves to the rehydrate-view function and to cli/verify-run.ts the work.
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { VerifyRun } from '../../cli/verify-run.ts';
import { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoDerivedCopies } from '../../lambdas/adapters/dynamo/derived-copies.ts';
import { DynamoEventLog } from '../../lambdas/adapters/dynamo/event-log.ts';
import { DynamoFactCopies } from '../../lambdas/adapters/dynamo/fact-copies.ts';
import { DynamoRehydrations } from '../../lambdas/adapters/dynamo/rehydration.ts';
import { DynamoSealLog } from '../../lambdas/adapters/dynamo/seal-log.ts';
import { DynamoViewLines } from '../../lambdas/adapters/dynamo/view-lines.ts';
import { DynamoViewStore } from '../../lambdas/adapters/dynamo/view-store.ts';
import { systemClock } from '../../lambdas/adapters/system-clock.ts';
import { REHYDRATION_SEGMENTS } from '../../lambdas/ports/rehydration.ts';
import { type BenchEngine, onEngine } from '../engine/bench-engine.ts';
import { CREDENTIALS, sdkClient } from '../engine/sdk-client.ts';
import { createViewsTable, REGION, TABLES } from '../engine/tables.ts';
import { interleave } from '../harness/interleave.ts';
import type { Measurement } from '../harness/measurement.ts';
import { ratioOf, spreadOf } from '../harness/statistics.ts';
import { openHandler } from '../workload/bundled-handler.ts';
import { fillAccounts } from '../workload/fill.ts';
import { accountName, historyOf, opened } from '../workload/history.ts';

const ACCOUNTS = 100;
const FACTS_EACH = 40;
const FACTS = ACCOUNTS * FACTS_EACH;
const ROUNDS = { rounds: 3, operations: 1, warmUp: 1 };
/** As the rebuild reads the ledger. */
const PAGE = 250;

const expectFacts = (what: string, found: number): void => {
  if (found !== FACTS) throw new Error(`${what} found ${found} facts of ${FACTS}`);
};

const inSegments = async (read: (segment: number) => Promise<number>): Promise<number> => {
  const counts = await Promise.all(Array.from({ length: REHYDRATION_SEGMENTS }, (_, segment) => read(segment)));
  return counts.reduce((sum, count) => sum + count, 0);
};

const bareScan = async (client: DynamoDBClient): Promise<void> => {
  const found = await inSegments(async (Segment) => {
    let count = 0;
    let ExclusiveStartKey: ScanCommand['input']['ExclusiveStartKey'];
    do {
      const segment = { Segment, TotalSegments: REHYDRATION_SEGMENTS };
      const page = { TableName: TABLES.ledger, Limit: PAGE, ConsistentRead: true, ExclusiveStartKey };
      const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ ...page, ...segment }));
      count += Items.length;
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return count;
  });
  expectFacts('the bare scan', found);
};

const checkedScan = async (ledger: DynamoEventLog): Promise<void> => {
  const found = await inSegments(async (index) => {
    let count = 0;
    let next: { readonly cursor?: string } | undefined = {};
    while (next !== undefined) {
      const page = await ledger.scan({ limit: PAGE, segment: { index, of: REHYDRATION_SEGMENTS }, ...next });
      count += page.facts.length;
      next = page.cursor === undefined ? undefined : { cursor: page.cursor };
    }
    return count;
  });
  expectFacts('the checked scan', found);
};

const verify = async (dynamo: Dynamo): Promise<void> => {
  const view = {
    region: REGION,
    rows: new DynamoFactCopies(dynamo, TABLES.views, 'view'),
    derived: new DynamoDerivedCopies(dynamo, TABLES.views),
    store: new DynamoViewStore(dynamo, TABLES.views),
    coversUntilMs: async () => Number.POSITIVE_INFINITY,
  };
  const run = new VerifyRun({
    sources: {
      ledger: { region: REGION, items: new DynamoFactCopies(dynamo, TABLES.ledger, 'ledger') },
      views: [view],
    },
    chains: {
      chains: { seals: new DynamoSealLog(dynamo, TABLES.ledger), archives: [] },
      items: new DynamoViewLines(dynamo, TABLES.ledger),
      region: REGION,
      heads: new Map(),
      nowMs: Date.now,
    },
    window: { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY },
    print: (line) => process.stderr.write(`${line}\n`),
  });
  await run.accounts({ update: () => undefined, stop: () => undefined });
  const { accounts, findings } = run.tally;
  if (accounts !== ACCOUNTS || findings !== 0) throw new Error(`verify: ${accounts} accounts, ${findings} findings`);
};

/** Into an empty view each time, by the function that does it in a Region. */
const rebuild = async ({ endpoint, connection }: BenchEngine, dynamo: Dynamo, n: number): Promise<void> => {
  const viewsTable = `${TABLES.views}-${n}`;
  await createViewsTable((input) => connection.must('CreateTable', input), viewsTable);
  const rehydrations = new DynamoRehydrations(dynamo, TABLES.regionState);
  if (!(await rehydrations.begin('asked', systemClock.nowMs(), 'done'))) throw new Error('a rebuild is under way');
  await openHandler('rehydrate-view', endpoint, { viewsTable })({});
  const { state, factsApplied = 0 } = (await rehydrations.read()) ?? {};
  if (state !== 'current') throw new Error(`the rebuild is ${state} after one call`);
  expectFacts('the rebuild', factsApplied);
};

export const measureReplay: Measurement = ({ progress }) =>
  onEngine(async (engine) => {
    progress(`filling ${ACCOUNTS} accounts of ${FACTS_EACH} facts`);
    const accounts = Array.from({ length: ACCOUNTS }, (_, n) => opened(accountName(`replayed${n}`)));
    await fillAccounts(
      engine,
      accounts.map((account) => [...historyOf(account, { size: FACTS_EACH, bills: 12 })]),
    );
    const client = sdkClient(engine.endpoint);
    const dynamo = new Dynamo({ region: REGION, endpoint: engine.endpoint, credentials: CREDENTIALS });
    const ledger = new DynamoEventLog(dynamo, TABLES.ledger);
    const timed = await interleave(
      [
        { name: `bare scan, ${REHYDRATION_SEGMENTS} segments`, prepare: () => () => bareScan(client) },
        { name: 'scan with every fact decoded and checked', prepare: () => () => checkedScan(ledger) },
        { name: 'verify: ledger, view and its sums', prepare: () => () => verify(dynamo) },
        { name: 'replay: the view made anew', prepare: (n) => () => rebuild(engine, dynamo, n) },
      ],
      ROUNDS,
      progress,
    );
    return {
      tables: [
        {
          title: 'replay and verify',
          columns: [
            { key: 'facts', heading: 'facts/s', digits: 0 },
            { key: 'ratio', heading: 'of the first' },
            { key: 'cpuMs', heading: 'CPU ms a fact', digits: 3 },
          ],
          rows: timed.map(({ name, rates, cpuMs }) => ({
            name,
            figures: {
              facts: spreadOf(rates.map((runs) => runs * FACTS)),
              ratio: ratioOf(rates, timed[0]?.rates ?? []),
              cpuMs: cpuMs / FACTS,
            },
          })),
        },
      ],
      targets: [],
      notes: [
        `${FACTS.toLocaleString('en-US')} facts of ${ACCOUNTS} accounts; each reader pages by ${PAGE} items, strongly consistent.`,
        'Verify reads both tables and every row of sums; the replay writes each fact and its sums in transactions, as the stream function does.',
      ],
    };
  });

// The proof that the ledger can be lost: payments in both Regions, sealed and archived, one younger than the archive; a bit flipped in
// an archived object is named and mended; then every item of the ledger is gone, and a new table is byte for byte what it was.
// A run of its own: its clock goes forward, and neither scrubber nor sealing runs but when the proof says so.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BatchWriteItemCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAccounts, operatorDynamo, readLedger } from '../../drills/auditor/auditor.ts';
import { type ChangedRun, startChanged } from '../../drills/pair/changed-assembly.ts';
import { demoIsLoaded, moveClock, order } from '../../drills/pair/own-run.ts';
import { objectKey } from '../../lambdas/adapters/archived-seal.ts';
import { sealBucketOf } from '../../lambdas/domain/seal.ts';
import { tableName } from '../../lambdas/shared/names.ts';
import { baseload as commandLine } from '../cli/two-regions.ts';
import { account } from '../contract/facts.ts';
import { createLedgerTable, TABLES } from '../engine/tables.ts';

const [EAST, WEST] = ['us-east-1', 'us-west-2'] as const;
const ACCOUNTS = ['us_loss-1', 'us_loss-2', 'us_loss-3'] as const;
const NEW_TABLE = tableName('us', 'ledger', 'g2');
const SEALING = 'baseload-us-seal-windows';
/** They would put the ledger together again from the views while it is being lost, or seal what is meant to be young. */
const HELD_BACK = [SEALING, 'baseload-us-scrub'];

describe('the ledger', () => {
  let changed: ChangedRun | undefined;
  let client: DynamoDBClient;
  /** What the command line is told where the new table is in use. */
  let rebuilt: Server;
  const paymentIds: string[] = [];

  const baseload = () => {
    if (changed === undefined) throw new Error('the run is only there inside of tests');
    return changed.baseload;
  };
  const say = async (control: string, ...args: readonly string[]) => {
    const { clock } = await baseload().state();
    return commandLine([...args, '--control', control], 'yes', () => Date.now() + clock.offsetMs);
  };
  const replay = (...args: readonly string[]) =>
    say(baseload().ready.control, 'replay', 'ledger', '--from', 'archive', '--to', NEW_TABLE, ...args);
  const verify = () => say(baseload().ready.control, 'verify');
  const isWhole = async (): Promise<boolean> => {
    const { code, printed } = await verify();
    return code === 0 && !printed.join().includes('not yet in');
  };

  beforeAll(async () => {
    changed = await startChanged((_region, resources) => {
      for (const { type, properties } of resources)
        if (type === 'AWS::Scheduler::Schedule' && HELD_BACK.includes(properties.Name))
          properties.ScheduleExpression = 'cron(0 6 1 1 ? *)';
    });
    client = operatorDynamo(await baseload().dynamodb(EAST), EAST);
    await createLedgerTable(client, NEW_TABLE);
    const wiring = { ...(await baseload().wiring()), ledgerTable: NEW_TABLE };
    rebuilt = createServer((_request, response) => response.end(JSON.stringify(wiring)));
    await new Promise<void>((resolve) => rebuilt.listen(0, '127.0.0.1', resolve));
    await demoIsLoaded(baseload());
    await openAccounts(baseload(), ACCOUNTS);
  }, 150_000);
  afterAll(async () => {
    rebuilt?.close();
    client?.destroy();
    await changed?.end();
  }, 30_000);

  const pay = async (region: string, accountId: string, amountMinor: number): Promise<void> => {
    const token = await baseload().token({ accounts: [accountId], scope: 'billing:pay' });
    const { status, body } = await baseload().region(region, 'POST', `/v1/accounts/${accountId}/payments`, {
      token,
      idempotencyKey: `loss-${region}-${amountMinor}`,
      body: { amountMinor, currency: 'USD', method: 'card' },
    });
    expect(status).toBe(201);
    paymentIds.push(String(body.paymentId));
  };
  /** Every payment has its outcome, and both views have every fact. */
  const settled = () =>
    baseload().waitFor(
      'all payments settled and in both views',
      async () => {
        const facts = await readLedger(client, TABLES.ledger);
        const done = new Set(
          facts.flatMap(({ body }) => (body['type'] === 'PaymentSettled' ? [body['paymentId']] : [])),
        );
        return paymentIds.every((id) => done.has(id)) && isWhole();
      },
      60_000,
    );
  /** Items as they are stored, heartbeats left out. */
  const dump = async (TableName: string): Promise<ReadonlyMap<string, string>> => {
    const items = new Map<string, string>();
    for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true })) {
      for (const { pk, sk, v, body, sum } of page.Items ?? []) {
        if (pk?.S?.startsWith('hb#') === true) continue;
        const bytes = body?.B === undefined ? body?.S : Buffer.from(body.B).toString('base64');
        items.set(`${pk?.S} ${sk?.S}`, JSON.stringify([v?.N, bytes, sum?.S]));
      }
    }
    return items;
  };
  const empty = async (TableName: string): Promise<void> => {
    const keys = [...(await dump(TableName)).keys()].map((key) => key.split(' '));
    for (let from = 0; from < keys.length; from += 25) {
      const requests = keys.slice(from, from + 25).map(([pk = '', sk = '']) => ({
        DeleteRequest: { Key: { pk: { S: pk }, sk: { S: sk } } },
      }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
    }
  };

  test('payments of both Regions are sealed and in both archives', async () => {
    for (const [place, accountId] of ACCOUNTS.entries()) {
      await pay(EAST, accountId, 1_000 + place);
      await pay(WEST, accountId, 2_000 + place);
    }
    await settled();
    await moveClock(baseload(), 3 * 60_000);
    await baseload().waitFor(
      'nothing is younger than the archives',
      async () => {
        await order(baseload(), `/api/schedules/${SEALING}/run`);
        const { printed } = await replay('--dry-run');
        return printed[0]?.includes('; 0 facts of them only views') === true && (await isWhole());
      },
      60_000,
    );
  }, 150_000);

  test('a bit flipped in an archived object is named, and the object put anew from the ledger', async () => {
    const bucket = sealBucketOf(account(ACCOUNTS[0]));
    await order(baseload(), `/api/archive/${WEST}/flip-bit`, { key: objectKey(bucket, 1) });
    const seal = `seal ${String(bucket).padStart(2, '0')}/1`;
    const { code, printed } = await verify();
    expect([code, printed.slice(0, -1)]).toEqual([
      1,
      [`${WEST}  archive  ${seal}  corrupt: its bytes are no whole gzip file`],
    ]);
    expect((await say(baseload().ready.control, 'repair', '--yes')).printed).toEqual([
      `${seal} of the archive of ${WEST} from the facts of the ledger`,
      `done: ${seal} of the archive of ${WEST} from the facts of the ledger`,
    ]);
    expect((await verify()).code).toBe(0);
  }, 60_000);

  test('is lost altogether, and rebuilt byte for byte from archives and views', async () => {
    await pay(EAST, ACCOUNTS[0], 3_000);
    await settled();
    const before = await dump(TABLES.ledger);
    const seals = [...before.keys()].filter((key) => key.startsWith('seal#'));
    expect(seals.length).toBeGreaterThanOrEqual(1);

    await empty(TABLES.ledger);
    expect((await dump(TABLES.ledger)).size).toBe(0);
    const { code, printed } = await replay('--yes');
    // Accepted, its charge begun, and settled.
    expect([code, printed]).toEqual([
      0,
      expect.arrayContaining([
        '3 facts younger than the last archived seal copied from the views',
        `${NEW_TABLE} equals its sources byte for byte: ${before.size - seals.length} facts and ${seals.length} seals`,
      ]),
    ]);
    expect(await dump(NEW_TABLE)).toEqual(before);

    const acknowledged = new Set((await readAccepted()).map(({ paymentId }) => paymentId));
    expect(paymentIds.filter((id) => !acknowledged.has(id))).toEqual([]);
    const inUse = `http://127.0.0.1:${(rebuilt.address() as AddressInfo).port}`;
    expect((await say(inUse, 'verify')).printed.at(-1)).toMatch(/, 0 findings/);
  }, 120_000);

  const readAccepted = async (): Promise<readonly { readonly paymentId: unknown }[]> => {
    const bodies = [...(await dump(NEW_TABLE))].flatMap(([key, item]) => {
      const [, body] = JSON.parse(item) as readonly (string | undefined)[];
      return key.startsWith('seal#') ? [] : [JSON.parse(body ?? '{}') as Record<string, unknown>];
    });
    return bodies.flatMap(({ type, paymentId }) => (type === 'PaymentAccepted' ? [{ paymentId }] : []));
  };
});

import { DeleteItemCommand, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { beforeEach, expect, test } from '@jest/globals';
import { DynamoEventLog } from '../../../lambdas/adapters/dynamo/event-log.ts';
import { toItem } from '../../../lambdas/adapters/dynamo/fact-item.ts';
import { DynamoRehydrations } from '../../../lambdas/adapters/dynamo/rehydration.ts';
import { DynamoViewStore } from '../../../lambdas/adapters/dynamo/view-store.ts';
import { storeFact } from '../../../lambdas/adapters/stored-fact.ts';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import { LedgerUnavailable } from '../../../lambdas/ports/event-log.ts';
import type { Rehydrations } from '../../../lambdas/ports/rehydration.ts';
import {
  createRehydrateViewHandler,
  type RehydrateViewDeps,
} from '../../../lambdas/rehydrate-view/create-rehydrate-view-handler.ts';
import { billed, NOON_MS, opened, paid } from '../../contract/facts.ts';
import { onDynamo } from '../../contract/on-dynamo.ts';
import { dumpView } from '../../engine/dump-view.ts';
import { rawClient, TABLES } from '../../engine/tables.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';

const on = onDynamo();
const PAGE = 5;
const FACTS: readonly Fact[] = ['us_a', 'us_b', 'us_c', 'us_d', 'us_e', 'us_f'].flatMap((accountId) => [
  opened(accountId),
  billed(accountId, '2026-09', 900n),
  ...['pa', 'pb', 'pc', 'pd', 'pe'].map((tag, index) => paid(accountId, tag, BigInt(10 + index))),
]);

let telemetry: RecordingTelemetry;
let pages: number;

const empty = async (table: string): Promise<void> => {
  const client = rawClient(on.engine.endpoint);
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
    for (const { pk, sk } of Items) {
      const Key = { pk: pk ?? { S: '' }, ...(sk === undefined ? {} : { sk }) };
      await client.send(new DeleteItemCommand({ TableName: table, Key }));
    }
  }
  client.destroy();
};
const views = () => new DynamoViewStore(on.dynamo, TABLES.views);
const ledger = () => new DynamoEventLog(on.dynamo, TABLES.ledger);
const rehydrations = (): Rehydrations => new DynamoRehydrations(on.dynamo, TABLES.regionState);
const begin = () => rehydrations().begin('asked', NOON_MS, 'done');
const state = async () => (await rehydrations().read())?.state;

/** What a view must hold byte for byte: every fact applied to an empty one, in another order. */
const replayed = async (facts: readonly Fact[]): Promise<readonly string[]> => {
  await empty(TABLES.views);
  await views().apply([...facts].reverse());
  const rows = await dumpView(on.engine.endpoint);
  await empty(TABLES.views);
  return rows;
};

/** One call of the function, in a worker of its own, that reads pages of five. */
const call = (changes: Partial<RehydrateViewDeps> = {}): Promise<void> => {
  const log = ledger();
  return createRehydrateViewHandler({
    ledger: {
      scan: (page) => {
        pages += 1;
        return log.scan({ ...page, limit: PAGE });
      },
    },
    views: views(),
    rehydrations: rehydrations(),
    pacing: { pause: async () => undefined },
    clock: new ManualClock(NOON_MS),
    telemetry,
    ...changes,
  })();
};

beforeEach(async () => {
  for (const table of [TABLES.ledger, TABLES.views, TABLES.regionState]) await empty(table);
  telemetry = new RecordingTelemetry();
  pages = 0;
  for (const fact of FACTS) await ledger().append(fact);
});

test('a view that lost everything is rebuilt byte for byte, and is current then', async () => {
  const whole = await replayed(FACTS);
  await begin();
  await call();
  expect(await dumpView(on.engine.endpoint)).toEqual(whole);
  expect(await rehydrations().read()).toMatchObject({ state: 'current', factsApplied: 42, factsCorrupt: 0 });
  expect(telemetry.counts.get('RehydrationProgress')).toBe(100);
});

test('a worker that dies after any page is followed by one that goes on from there, not from the beginning', async () => {
  const whole = await replayed(FACTS);
  await begin();
  await call();
  const inOneGo = pages;
  await empty(TABLES.views);
  await empty(TABLES.regionState);
  await begin();
  pages = 0;
  let calls = 0;
  for (; (await state()) !== 'current'; calls++) {
    // It dies right after its first checkpoint: nothing it would do after that happens.
    let dead = false;
    const own = rehydrations();
    const once =
      <Arguments extends readonly unknown[], T>(work: (...given: Arguments) => Promise<T>) =>
      async (...given: Arguments): Promise<T> => {
        if (dead) throw new Error('dead');
        return work(...given);
      };
    const dying: Rehydrations = {
      read: () => own.read(),
      begin: (...given) => own.begin(...given),
      declareCurrent: (...given) => own.declareCurrent(...given),
      finish: (run) => own.finish(run),
      advance: once(async (...step) => {
        const moved = await own.advance(...step);
        dead = true;
        return moved;
      }),
    };
    await call({ rehydrations: dying }).catch((error: unknown) => expect(error).toEqual(new Error('dead')));
    expect(calls).toBeLessThan(100);
  }
  expect(calls).toBeGreaterThan(4);
  expect(await dumpView(on.engine.endpoint)).toEqual(whole);
  expect((await rehydrations().read())?.factsApplied).toBe(42);
  // Four segments read a page each beside the one that counts, at the most.
  expect(pages).toBeLessThanOrEqual(inOneGo + 4 * calls);
});

test('it ends before its time is up, and the next call goes on', async () => {
  await begin();
  const clock = new ManualClock(NOON_MS);
  const log = ledger();
  const slow = {
    scan: (page: Parameters<typeof log.scan>[0]) => {
      clock.currentMs += 20_000;
      return log.scan({ ...page, limit: PAGE });
    },
  };
  await call({ ledger: slow, clock });
  expect(clock.currentMs).toBeLessThanOrEqual(NOON_MS + 90_000);
  expect(await state()).toBe('rehydrating');
  expect(telemetry.counts.get('RehydrationProgress')).toBeLessThan(100);
  await call();
  expect(await state()).toBe('current');
});

test('facts that come by the stream meanwhile count once', async () => {
  const late = [paid('us_a', 'late', 77n), paid('us_z', 'late', 78n)];
  const whole = await replayed([...FACTS, ...late]);
  await begin();
  const log = ledger();
  const stream = views();
  await call({
    ledger: {
      scan: async (page) => {
        const found = await log.scan({ ...page, limit: PAGE });
        for (const fact of late) await log.append(fact);
        await stream.apply([...late, ...found.facts.slice(0, 2)]);
        return found;
      },
    },
  });
  expect(await dumpView(on.engine.endpoint)).toEqual(whole);
  expect(await state()).toBe('current');
});

test('two at once do no harm: each fact counts once, in the view and in the checkpoint', async () => {
  const whole = await replayed(FACTS);
  await begin();
  await Promise.all([call(), call()]);
  await call();
  expect(await dumpView(on.engine.endpoint)).toEqual(whole);
  expect(await rehydrations().read()).toMatchObject({ state: 'current', factsApplied: 42 });
});

test('a corrupt fact is named and counted once, and keeps no other out', async () => {
  const whole = await replayed(FACTS);
  const forged = { ...storeFact(paid('us_c', 'forged', 5n)), sum: 'x'.repeat(43) };
  const client = rawClient(on.engine.endpoint);
  await client.send(new PutItemCommand({ TableName: TABLES.ledger, Item: toItem(forged) }));
  client.destroy();
  await begin();
  await call();
  expect(await dumpView(on.engine.endpoint)).toEqual(whole);
  expect(await rehydrations().read()).toMatchObject({ state: 'current', factsApplied: 42, factsCorrupt: 1 });
  expect(telemetry.counts.get('CorruptFact')).toBe(1);
  expect(telemetry.lines).toContainEqual({
    level: 'error',
    message: 'corrupt fact left out of the view',
    fields: { accountId: 'us_c', factKey: forged.sk, reason: 'its checksum does not match its body' },
  });
});

test('throttles are waited for; after five in a row the segment is left to the next call', async () => {
  await begin();
  const waits: number[] = [];
  const throttled = async (): Promise<never> => {
    throw new LedgerUnavailable('not-attempted', 'slow down', 'throttled');
  };
  const pacing = { pause: async (attempt: number) => void waits.push(attempt) };
  await call({ ledger: { scan: throttled }, pacing });
  expect(waits.sort()).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4]);
  expect(await state()).toBe('rehydrating');
});

test('a view that is whole costs one read of its state and the report', async () => {
  await rehydrations().declareCurrent(NOON_MS, 0);
  on.proxy.reset();
  await call();
  expect(on.proxy.seen.map(({ operation }) => operation)).toEqual(['GetItem', 'GetItem']);
});

test('a new view of a small ledger is made whole at once, without a moment in which lookups shun it', async () => {
  const whole = await replayed(FACTS);
  const log = ledger();
  const begun: unknown[] = [];
  const own = rehydrations();
  await call({
    ledger: log,
    rehydrations: {
      read: () => own.read(),
      begin: async (...run) => begun.push(run) > 0,
      declareCurrent: (...given) => own.declareCurrent(...given),
      advance: (...step) => own.advance(...step),
      finish: (run) => own.finish(run),
    },
  });
  expect(begun).toEqual([]);
  expect(await rehydrations().read()).toMatchObject({ state: 'current', reason: 'new-view', factsApplied: 42 });
  expect(await dumpView(on.engine.endpoint)).toEqual(whole);
});

test('a new view of a larger ledger is rebuilt', async () => {
  const whole = await replayed(FACTS);
  await call();
  expect(await rehydrations().read()).toMatchObject({ state: 'current', reason: 'new-view', factsApplied: 42 });
  expect(await dumpView(on.engine.endpoint)).toEqual(whole);
});

test('a new Region that cannot reach the ledger says nothing of its view', async () => {
  const cutOff = async (): Promise<never> => {
    throw new LedgerUnavailable('not-attempted', 'no quorum', 'refused');
  };
  await call({ ledger: { scan: cutOff } });
  expect(await rehydrations().read()).toBeUndefined();
  expect(telemetry.counts.get('RehydrationProgress')).toBeUndefined();
});

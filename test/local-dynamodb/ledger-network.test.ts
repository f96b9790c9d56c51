import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import {
  EAST,
  eventually,
  LEDGER,
  putNew,
  type RunningLedger,
  readShards,
  refusalOf,
  sortKeysOf,
  WEST,
  WITNESS,
} from './ledger-fixture.ts';
import { ledgerOfThisFile } from './ledger-of-this-file.ts';

const running = ledgerOfThisFile({ catchUpPerSecond: 200 });

const UNAVAILABLE = { name: 'InternalServerError', message: 'Internal server error', status: 500 };

const read = async (client: RunningLedger['east'], pk: string, sk: string, ConsistentRead: boolean): Promise<boolean> =>
  (await client.send(new GetItemCommand({ TableName: LEDGER, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead })))
    .Item !== undefined;

const caughtUp = (region: string): Promise<void> =>
  eventually(`${region} has caught up`, async () => (await running.state()).regions[region]?.caughtUp === true);

const putMany = async (pk: string, count: number): Promise<void> => {
  await Promise.all(Array.from({ length: count }, (_, index) => putNew(running.west, pk, `p#${index}#000`)));
};

const streamed = async (region: string, pk: string): Promise<string[]> =>
  sortKeysOf((await readShards(running, region)).flat().filter((record) => record.dynamodb?.Keys?.pk?.S === pk));

describe('a Region that is cut off', () => {
  test('refuses writes and strong reads, freezes its eventual reads and stream, and catches up before it serves again', async () => {
    await putNew(running.west, 'us_cut', 'p#before#000');
    await eventually('the east has it', () => read(running.east, 'us_cut', 'p#before#000', false));
    await running.change(EAST, 'isolate');

    expect(await refusalOf(putNew(running.east, 'us_cut', 'p#refused#000'))).toEqual(UNAVAILABLE);
    expect(await refusalOf(read(running.east, 'us_cut', 'p#before#000', true))).toEqual(UNAVAILABLE);
    await putMany('us_cut', 100);
    expect(await read(running.east, 'us_cut', 'p#before#000', false)).toBe(true);
    expect(await read(running.east, 'us_cut', 'p#0#000', false)).toBe(false);
    expect(await streamed(EAST, 'us_cut')).toEqual(['p#before#000']);
    const cut = (await running.state()).regions;
    expect(cut[EAST]).toMatchObject({ network: 'isolated', down: false, caughtUp: false });
    expect(cut[EAST]?.lagMs).toBeGreaterThan(0);
    expect(cut[WEST]).toMatchObject({ network: 'connected', down: false, caughtUp: true });

    await running.change(EAST, 'rejoin');
    // 100 changes at 200 a second.
    expect((await running.state()).regions[EAST]).toMatchObject({ network: 'connected', caughtUp: false });
    expect(await refusalOf(putNew(running.east, 'us_cut', 'p#early#000'))).toEqual(UNAVAILABLE);
    await caughtUp(EAST);
    await putNew(running.east, 'us_cut', 'p#after#000');
    expect(await read(running.east, 'us_cut', 'p#99#000', false)).toBe(true);
    await eventually('the stream has everything', async () => (await streamed(EAST, 'us_cut')).length === 102);
    expect(await read(running.east, 'us_cut', 'p#refused#000', true)).toBe(false);
  });

  test('that reaches only the witness goes on; one that reaches nobody refuses', async () => {
    await running.change(WEST, 'isolate');
    await putNew(running.east, 'us_alone', 'p#1#000');
    await running.change(WITNESS, 'isolate');
    expect(await refusalOf(putNew(running.east, 'us_alone', 'p#2#000'))).toEqual(UNAVAILABLE);
    await running.change(WITNESS, 'rejoin');
    await running.change(WEST, 'rejoin');
    await caughtUp(WEST);
  });

  test('a write on its way when the cut comes is not acknowledged', async () => {
    // The write is on its way for 53 ms; on a busy machine the cut may come too late to meet it, so there are several.
    const outcomes: unknown[] = [];
    for (const pk of ['us_midway_1', 'us_midway_2', 'us_midway_3', 'us_midway_4', 'us_midway_5']) {
      const put = putNew(running.west, pk, 'p#1#000');
      const outcome = put.then(
        () => 'acknowledged',
        () => refusalOf(put),
      );
      await new Promise((resolve) => setTimeout(resolve, 10));
      await running.change(WEST, 'isolate');
      outcomes.push(await outcome);
      await running.change(WEST, 'rejoin');
      await caughtUp(WEST);
    }
    expect(outcomes).toContainEqual(UNAVAILABLE);
  });
});

describe('a Region whose process is down', () => {
  test('holds no second copy, applies nothing, and catches up when it is back', async () => {
    await running.change(WITNESS, 'isolate');
    await running.change(WEST, 'down');
    expect(await refusalOf(putNew(running.east, 'us_down', 'p#1#000'))).toEqual(UNAVAILABLE);
    await running.change(WITNESS, 'rejoin');
    await putNew(running.east, 'us_down', 'p#2#000');
    expect((await running.state()).regions[WEST]).toMatchObject({ down: true, caughtUp: false });
    await running.change(WEST, 'up');
    expect(await refusalOf(read(running.west, 'us_down', 'p#2#000', true))).toEqual(UNAVAILABLE);
    await caughtUp(WEST);
    expect(await read(running.west, 'us_down', 'p#2#000', false)).toBe(true);
  });
});

describe('the admin port', () => {
  test('knows no other Regions and no other changes', async () => {
    await expect(running.change('eu-west-1', 'isolate')).rejects.toThrow('404 {"error":"unknown Region eu-west-1"}');
    await expect(running.change(EAST, 'explode' as 'up')).rejects.toThrow(
      'unknown change explode: one of isolate, rejoin, down, up',
    );
  });

  test('counts facts by type and nothing else', async () => {
    const before = (await running.state()).facts;
    const body = JSON.stringify({ type: 'PaymentAccepted', amountMinor: 1 });
    await putNew(running.east, 'us_count', 'p#pay_1#000', body);
    await putNew(running.east, 'us_count', 'a#000', JSON.stringify({ type: 'AccountOpened' }));
    await putNew(running.east, 'hb#us-east-1#00', 'hb', body);
    const after = (await running.state()).facts;
    expect(after.total - before.total).toBe(2);
    expect(after.byType).toMatchObject({ AccountOpened: 1, PaymentAccepted: 1 });
  });
});

// The proof of promise 3: what both Regions took is sealed, verified and archived in both; what one's view lost comes back with its
// sums; a sealed fact that nobody holds any more, and a seal that was tampered with, ring; an archive outlives its Region.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteItemCommand, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openAccounts, operatorDynamo } from '../../drills/auditor/auditor.ts';
import { Harness } from '../../drills/pair/harness.ts';
import { demoIsLoaded, isQuiet, minutesPass, order } from '../../drills/pair/own-run.ts';
import { chainPartition, sealSortKey } from '../../lambdas/adapters/seal-rows.ts';
import { encodeFact } from '../../lambdas/domain/codec.ts';
import { keyOf } from '../../lambdas/domain/keys.ts';
import { chainBreak, headAfter, NO_SEAL } from '../../lambdas/domain/seal.ts';
import type { ArchivedSeal } from '../../lambdas/ports/archive.ts';
import { dumpView } from '../engine/dump-view.ts';
import { TABLES } from '../engine/tables.ts';
import { aMinuteLater, SealedChain } from '../local/sealed-chains.ts';

/** One for each thing that is done to it; none shares its chain with another. */
const ACCOUNTS = {
  both: 'us_seal-both',
  dropped: 'us_seal-dropped',
  removed: 'us_seal-removed',
  gone: 'us_seal-gone',
  tampered: 'us_seal-tampered',
};
type Case = keyof typeof ACCOUNTS;
const MINUTES_MS = 90_000;
const NOT_THERE = 'a sealed fact is not in the ledger as it was sealed';

let baseload: Harness;
let EAST = '';
let WEST = '';
let chains: Readonly<Record<Case, SealedChain>>;

beforeAll(async () => {
  baseload = await Harness.start();
  [EAST = '', WEST = ''] = baseload.regionNames;
  const made = Object.entries(ACCOUNTS).map(([name, accountId]) => [name, new SealedChain(baseload, accountId)]);
  chains = Object.fromEntries(made) as typeof chains;
  expect(new Set(Object.values(chains).map(({ bucket }) => bucket)).size).toBe(made.length);
  await demoIsLoaded(baseload);
  await openAccounts(baseload, Object.values(ACCOUNTS));
}, 120_000);
afterAll(() => baseload?.stop(), 30_000);

/** Gives the key of the fact. */
const pay = async (region: string, name: Case, key: string): Promise<string> => {
  const token = await baseload.token({ accounts: [ACCOUNTS[name]], scope: 'billing:pay' });
  const body = { amountMinor: 1_000, currency: 'USD', method: 'card' };
  const path = `/v1/accounts/${ACCOUNTS[name]}/payments`;
  const answer = await baseload.region(region, 'POST', path, { token, idempotencyKey: key, body });
  expect(answer.status).toBe(201);
  return `p#${answer.body.paymentId}#000`;
};
const paidMinor = async (region: string, name: Case): Promise<number> => {
  const token = await baseload.token({ accounts: [ACCOUNTS[name]], scope: 'billing:read' });
  return -(await baseload.region(region, 'GET', `/v1/accounts/${ACCOUNTS[name]}`, { token })).body.balanceMinor;
};
const isInView = async (region: string, key: string) =>
  (await dumpView(await baseload.dynamodb(region), { region })).some((line) => line.includes(`sk="${key}"`));
const ringing = async (region: string, slugs: readonly string[]) =>
  (await baseload.state()).alarms.filter(
    (one) => one.region === region && slugs.includes(one.slug) && one.state === 'ALARM',
  );
const isRinging = async (region: string, ...slugs: readonly string[]) => (await ringing(region, slugs)).length > 0;
/** Lines of log that WEST has written with all of the words. */
const saying = async (...words: readonly string[]): Promise<readonly string[]> => {
  const { dataDir } = await baseload.wiring();
  const lines = (await readFile(join(dataDir, WEST, 'logs', 'functions.log'), 'utf8')).split('\n');
  return lines.filter((line) => words.every((word) => line.includes(word)));
};
const isMending = (line: string): boolean =>
  line.includes('the view lacked a sealed fact, and has it again') || line.includes('"message":"repaired"');
const saidAtMs = (line: string | undefined): number =>
  Date.parse(JSON.parse(line?.slice(line.indexOf('{')) ?? '{}').timestamp);
const keysOf = (archived: readonly ArchivedSeal[]) => archived.flatMap(({ facts }) => facts.map((fact) => keyOf(fact)));
const textsOf = (archived: readonly ArchivedSeal[]) =>
  archived.map(({ facts }) => facts.map((fact) => encodeFact(fact).body));
const keyInLedger = (name: Case, key: string) => ({ pk: { S: ACCOUNTS[name] }, sk: { S: key } });
const behindItsBack = async (region: string) => operatorDynamo(await baseload.dynamodb(region), region);

/** Minutes pass until the keys are sealed, and the chain is verified and archived to its end in each of `regions`. */
const isSettled = (name: Case, keys: readonly string[], regions = [EAST, WEST]) =>
  baseload.waitFor(
    `${ACCOUNTS[name]} is sealed, verified and archived in ${regions.join(' and ')}`,
    async () => {
      const chain = chains[name];
      const sealed = await chain.sealedKeys();
      if (keys.every((key) => sealed.includes(key))) {
        const last = (await chain.seals()).at(-1)?.ordinal ?? 0;
        const ends = await Promise.all(
          regions.map(async (region) => [
            await chain.verifiedIn(region),
            (await chain.archivedIn(region)).at(-1)?.seal.ordinal ?? 0,
          ]),
        );
        if (last > 0 && ends.flat().every((end) => end >= last)) return true;
      }
      await aMinuteLater(baseload, regions);
      return false;
    },
    MINUTES_MS,
  );

/** Minutes pass until nothing is on its way, delayed either, that a fault could hit in place of what it is meant for. */
const quiet = () =>
  baseload.waitFor(
    'nothing is on its way',
    async () => {
      if (await isQuiet(baseload)) return true;
      await aMinuteLater(baseload);
      return false;
    },
    MINUTES_MS,
  );

test('payments of both Regions are sealed once, verified in both, and in both archives the same', async () => {
  const keys = [await pay(EAST, 'both', 'east'), await pay(WEST, 'both', 'west')];
  await isSettled('both', keys);
  const sealed = await chains.both.sealedKeys();
  expect(new Set(sealed).size).toBe(sealed.length);
  const [east = [], west = []] = await Promise.all([EAST, WEST].map((region) => chains.both.archivedIn(region)));
  const both = Math.min(east.length, west.length);
  expect(keysOf(east.slice(0, both))).toEqual(expect.arrayContaining(keys));
  expect(textsOf(east.slice(0, both))).toEqual(textsOf(west.slice(0, both)));
  let head = NO_SEAL;
  for (const { seal } of east) {
    expect(chainBreak(head, seal)).toBeUndefined();
    head = headAfter(seal);
  }
  for (const region of [EAST, WEST]) expect(await isRinging(region, 'seal-difference')).toBe(false);
}, 120_000);

test('a batch that one Region’s stream lost, and a line removed from its view, come back and count once', async () => {
  const removed = await pay(EAST, 'removed', 'removed');
  await baseload.waitFor('both have it', async () => (await isInView(EAST, removed)) && isInView(WEST, removed));
  await quiet();
  await order(baseload, `/api/streams/${WEST}/faults`, { kind: 'lose-to-dlq', count: 1, sortKeyPrefix: 'p#' });
  const dropped = await pay(EAST, 'dropped', 'dropped');
  await baseload.waitFor('its batch is lost', async () =>
    (await baseload.state()).queues.some(
      ({ region, slug, visible }) => region === WEST && slug === 'project-facts-failures' && visible > 0,
    ),
  );
  const Key = keyInLedger('removed', removed);
  await (await behindItsBack(WEST)).send(new DeleteItemCommand({ TableName: TABLES.views, Key }));
  // Seals and the scrubber look every minute: whichever comes first mends it, and tells. What rings for one of them may be over when
  // the other one is found.
  let hasRung = false;
  await minutesPass(baseload, 'both are named, and it is told', 10, async () => {
    hasRung ||= await isRinging(WEST, 'view-mended', 'facts-repaired');
    const named = await Promise.all([dropped, removed].map((key) => saying('"level":"WARN"', key)));
    return hasRung && named.every((lines) => lines.some(isMending));
  });
  await isSettled('dropped', [dropped]);
  await isSettled('removed', [removed]);
  for (const key of [dropped, removed]) expect(await isInView(WEST, key)).toBe(true);
  for (const name of ['dropped', 'removed'] as const) expect(await paidMinor(WEST, name)).toBe(1_000);
}, 180_000);

test('a sealed fact that is gone, and a seal that was tampered with, ring within two minutes, by name, until they are restored', async () => {
  await quiet();
  // What WEST cannot verify yet: it learns of the facts only when they are gone.
  await baseload.tell(WEST, 'isolate');
  await order(baseload, `/api/streams/${WEST}/faults`, { kind: 'lose-to-dlq', count: 100, sortKeyPrefix: 'p#' });
  const gone = await pay(EAST, 'gone', 'gone');
  const tampered = await pay(EAST, 'tampered', 'tampered');
  await isSettled('gone', [gone], [EAST]);
  await isSettled('tampered', [tampered], [EAST]);
  const dynamo = await behindItsBack(EAST);
  const fact = { TableName: TABLES.ledger, Key: keyInLedger('gone', gone) };
  const ordinal = (await chains.tampered.seals()).at(-1)?.ordinal ?? 0;
  const { bucket } = chains.tampered;
  const seal = {
    TableName: TABLES.ledger,
    Key: { pk: { S: chainPartition(bucket) }, sk: { S: sealSortKey(ordinal) } },
  };
  const { Item: factItem } = await dynamo.send(new GetItemCommand({ ...fact, ConsistentRead: true }));
  const { Item: sealItem } = await dynamo.send(new GetItemCommand({ ...seal, ConsistentRead: true }));
  await dynamo.send(new DeleteItemCommand(fact));
  // Nor does a view hold it any more, or the scrubber would put it back.
  await dynamo.send(new DeleteItemCommand({ ...fact, TableName: TABLES.views }));
  const UpdateExpression = 'SET #sum = :wrong';
  const wrong = { ExpressionAttributeNames: { '#sum': 'sum' }, ExpressionAttributeValues: { ':wrong': { S: 'A' } } };
  await dynamo.send(new UpdateItemCommand({ ...seal, UpdateExpression, ...wrong }));

  await baseload.tell(WEST, 'rejoin');
  const name = `"seal":"${String(bucket).padStart(2, '0')}/${ordinal}"`;
  const named = () =>
    Promise.all([
      saying(NOT_THERE, ACCOUNTS.gone, gone, 'the ledger does not hold it'),
      saying('a seal is corrupt', name, 'its checksum does not match its body'),
    ]);
  await minutesPass(baseload, 'seal-difference rings, and both are named', 6, async () => {
    const isNamed = (await named()).every((lines) => lines.length > 0);
    return isNamed && isRinging(WEST, 'seal-difference');
  });
  const [rung] = await ringing(WEST, ['seal-difference']);
  for (const [first] of await named()) expect(Number(rung?.sinceMs) - saidAtMs(first)).toBeLessThan(120_000);
  expect((await saying(NOT_THERE)).filter((line) => !line.includes(ACCOUNTS.gone))).toEqual([]);

  await order(baseload, `/api/streams/${WEST}/faults`, { kind: 'lose-to-dlq', count: 0 });
  await dynamo.send(new PutItemCommand({ TableName: TABLES.ledger, Item: factItem }));
  await dynamo.send(new PutItemCommand({ TableName: TABLES.ledger, Item: sealItem }));
  await isSettled('gone', [gone]);
  await isSettled('tampered', [tampered]);
  await minutesPass(baseload, 'it is over, and counts once', 6, async () => {
    const paid = await Promise.all([EAST, WEST].map((region) => paidMinor(region, 'gone')));
    return paid.every((minor) => minor === 1_000) && !(await isRinging(WEST, 'seal-difference'));
  });
}, 300_000);

test('a killed Region comes back with its archive; a flipped bit in it is named, and the other Region has the facts', async () => {
  const before = textsOf(await chains.both.archivedIn(WEST));
  await baseload.tell(WEST, 'kill');
  await baseload.tell(WEST, 'start');
  expect(textsOf(await chains.both.archivedIn(WEST)).slice(0, before.length)).toEqual(before);
  const { bucket } = chains.both;
  const key = `facts/${String(bucket).padStart(2, '0')}/0000000001.ndjson.gz`;
  await order(baseload, `/api/archive/${WEST}/flip-bit`, { key });
  await expect(chains.both.archivedIn(WEST)).rejects.toThrow(
    `the archive of seal 1 of bucket ${bucket} is corrupt: its bytes are no whole gzip file`,
  );
  expect(textsOf(await chains.both.archivedIn(EAST)).slice(0, before.length)).toEqual(before);
}, 90_000);

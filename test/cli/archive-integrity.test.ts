// Owns the proof that chains of seals and archives are verified and repaired, and that archives repair what nothing else proves.
// Leaves to test/lambdas/integrity the cases of one chain in memory, to test/proofs/total-loss.test.ts running Regions.
import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { keyOf } from '../../lambdas/domain/keys.ts';
import { TABLES } from '../engine/tables.ts';
import { A, CHAIN, copiesInTwoRegions, EAST, PAID, payment, REGIONS, SEALS, WEST } from './integrity-copies.ts';

const copies = copiesInTwoRegions();
const [FIRST, SECOND] = SEALS;
const LAST = A[3] as Fact;
const WHOLE = ['2 accounts and 2 seals verified, 0 findings'];

const expectWhole = async (): Promise<void> => {
  expect(await copies.say('verify')).toMatchObject({ code: 0, printed: WHOLE });
  for (const region of REGIONS)
    expect(await copies.archive(region).read(FIRST.bucket, 1)).toEqual({
      seal: FIRST,
      facts: expect.arrayContaining([payment]),
    });
};
const storedFact = async (fact: Fact) => (await copies.ledger()).filter((line) => line.includes(`sk="${keyOf(fact)}"`));
const everywhere = async (act: (region: (typeof REGIONS)[number], table: string) => Promise<void>): Promise<void> => {
  await act(EAST, TABLES.ledger);
  for (const region of REGIONS) await act(region, TABLES.views);
};

test('a flipped bit in an archived object: named, and put anew from the ledger', async () => {
  copies.flipArchived(EAST, FIRST);
  expect(await copies.say('verify')).toMatchObject({
    code: 1,
    printed: [
      `us-east-1  archive  seal ${CHAIN}/1  corrupt: its bytes are no whole gzip file`,
      '2 accounts and 2 seals verified, 1 finding',
    ],
  });
  const shown = `seal ${CHAIN}/1 of the archive of us-east-1 from the facts of the ledger`;
  expect(await copies.say('repair', '--dry-run')).toMatchObject({ printed: [shown, 'dry run: nothing was changed'] });
  expect((await copies.say('verify', '--account', 'us_a')).code).toBe(1);
  expect((await copies.say('verify', '--account', 'us_b')).code).toBe(0);
  const { code, printed, noted, asked } = await copies.say('repair');
  expect([code, printed, asked]).toEqual([0, [shown, `done: ${shown}`], ['Put right what is shown, in 1 seal?']]);
  expect(JSON.parse(noted[0] ?? '')).toMatchObject({ audit: 'repair', region: EAST, what: shown });
  await expectWhole();
}, 60_000);

test('a fact that ledger and both views have lost comes back from the archive, with a record, and into the views', async () => {
  const [was] = await storedFact(LAST);
  await everywhere((region, table) => copies.remove(region, table, LAST));
  expect((await copies.say('verify')).printed).toContain(
    `us-east-1  seals  seal ${CHAIN}/2  us_a  ${keyOf(LAST)}  missing: is sealed and not in the ledger`,
  );
  const { code, printed } = await copies.say('repair', '--yes');
  expect([code, printed]).toEqual([
    0,
    expect.arrayContaining([`us_a  done: ${keyOf(LAST)} of the ledger from the archive of us-east-1`]),
  ]);
  expect(await storedFact(LAST)).toEqual([was]);
  await expectWhole();
  const [east, west] = await copies.views();
  expect(west).toEqual(east);
}, 60_000);

test('a fact that ledger and both views hold damaged comes back from the archive', async () => {
  const [was] = await storedFact(payment);
  await everywhere((region, table) => copies.flip(region, table, payment));
  const { printed } = await copies.say('repair', '--account', 'us_a', '--yes');
  expect(printed).toContain(`us_a  done: ${PAID} of the ledger from the archive of us-east-1`);
  expect(await storedFact(payment)).toEqual([was]);
  await expectWhole();
}, 60_000);

test('a seal that the ledger has lost or holds damaged comes back from the archives, byte for byte', async () => {
  const chain = async () => (await copies.ledger()).filter((line) => line.includes(`pk="seal#`));
  const was = await chain();
  await copies.removeSeal(FIRST);
  expect((await copies.say('verify')).printed[0]).toBe(
    `us-east-1  seals  seal ${CHAIN}/1  missing: is in the archive of us-east-1 and us-west-2 and not in the ledger`,
  );
  expect((await copies.say('repair', '--yes')).printed).toContain(
    `done: seal ${CHAIN}/1 of the ledger from the archive of us-east-1`,
  );
  await copies.client(EAST).send(
    new UpdateItemCommand({
      TableName: TABLES.ledger,
      Key: { pk: { S: `seal#${CHAIN}` }, sk: { S: '0000000002' } },
      UpdateExpression: 'SET #sum = :wrong',
      ExpressionAttributeNames: { '#sum': 'sum' },
      ExpressionAttributeValues: { ':wrong': { S: 'A'.repeat(43) } },
    }),
  );
  expect((await copies.say('verify')).printed[0]).toBe(
    `us-east-1  seals  seal ${CHAIN}/2  corrupt: its checksum does not match its body`,
  );
  expect((await copies.say('repair', '--yes')).code).toBe(0);
  expect(await chain()).toEqual(was);
  await expectWhole();
}, 60_000);

test('the newest seal and its objects are gone: the Regions that verified it still say that there was one', async () => {
  const Key = { pk: { S: 'heads' }, sk: { S: CHAIN } };
  const head = (ordinal: number, hash: string) => ({
    ...Key,
    ordinal: { N: String(ordinal) },
    hash: { S: hash },
    windowEndMs: { N: '0' },
  });
  const { client } = copies;
  await client(WEST).send(new PutItemCommand({ TableName: TABLES.sealWork, Item: head(3, 'h3') }));
  expect(await copies.say('verify')).toMatchObject({
    code: 1,
    printed: [
      `us-west-2  seals  seal ${CHAIN}/3  missing: this Region has verified seal 3, and the chain ends with 2`,
      '2 accounts and 2 seals verified, 1 finding',
    ],
  });
  await client(WEST).send(new PutItemCommand({ TableName: TABLES.sealWork, Item: head(2, 'other') }));
  expect((await copies.say('verify')).printed[0]).toBe(
    `us-west-2  seals  seal ${CHAIN}/2  differs: this Region has verified another seal there`,
  );
  expect((await copies.say('repair', '--yes')).code).toBe(1);
  await client(WEST).send(new DeleteItemCommand({ TableName: TABLES.sealWork, Key }));
  await expectWhole();
}, 60_000);

test('what no copy proves is named and left, and put right as soon as one does', async () => {
  await everywhere((region, table) => copies.remove(region, table, LAST));
  for (const region of REGIONS) copies.flipArchived(region, SECOND);
  const { code, printed } = await copies.say('repair', '--yes');
  expect(code).toBe(1);
  expect(printed).toContain(
    `left: seal ${CHAIN}/2 us_a ${keyOf(LAST)} (us-east-1) has no copy that proves it: is sealed and not in the ledger`,
  );
  expect(printed).toContain(
    `left: seal ${CHAIN}/2 of the archive (us-west-2) has no copy that proves it: its bytes are no whole gzip file`,
  );
  await copies.putLedgerItem(TABLES.ledger, LAST);
  expect((await copies.say('repair', '--yes')).code).toBe(0);
  await expectWhole();
}, 60_000);

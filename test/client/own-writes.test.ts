// Shows read-your-writes: which positions a lookup sends along, to which Region, and until when.
import { expect, test } from '@jest/globals';
import { OwnWrites } from '../../client/src/own-writes.ts';
import { answers, resets } from './fake-region.ts';
import { ACCEPTED, ACCOUNT, accepts, eachTestItsPair, OWED, PAYMENT, POSITION, tellsAccount } from './two-regions.ts';

const pair = eachTestItsPair();

const afterOf = (received: readonly { readonly headers: Record<string, unknown> }[]) =>
  received.map(({ headers }) => headers['baseload-after']);

/** From a view that was this old. */
const tellsWithStaleness = (stalenessMs: number) =>
  answers(200, OWED, { 'baseload-staleness-ms': String(stalenessMs) });

test('a payment is asked for in the lookups of its account alone', async () => {
  await pair.client.pay(ACCOUNT, PAYMENT);
  pair.east.does(tellsAccount, answers(200, { ...OWED, accountId: 'us_1002' }));
  await pair.client.account(ACCOUNT);
  await pair.client.account('us_1002');
  expect(afterOf(pair.east.received)).toEqual([undefined, POSITION, undefined]);
});

test('it is asked for until a view that is surely newer than it has answered, in each Region on its own', async () => {
  await pair.client.pay(ACCOUNT, PAYMENT);
  pair.clock.advance(8_000);
  // 8 s after the payment, less 3 s that the view is old and 5 s for clocks that differ: not surely newer.
  pair.east.does(tellsWithStaleness(3_000), tellsWithStaleness(2_999), tellsAccount);
  for (let lookup = 0; lookup < 3; lookup++) await pair.client.account(ACCOUNT);
  expect(afterOf(pair.east.received)).toEqual([undefined, POSITION, POSITION, undefined]);
  pair.east.does(resets);
  pair.west.does(tellsWithStaleness(10));
  for (let lookup = 0; lookup < 2; lookup++) await pair.client.account(ACCOUNT);
  expect(afterOf(pair.west.received)).toEqual([POSITION, undefined]);
});

test('an answer of the ledger in place of a view, 0 ms old, and one that does not say prove nothing', async () => {
  await pair.client.pay(ACCOUNT, PAYMENT);
  pair.clock.advance(60_000);
  pair.east.does(tellsWithStaleness(0), tellsAccount, tellsAccount);
  for (let lookup = 0; lookup < 3; lookup++) await pair.client.account(ACCOUNT);
  expect(afterOf(pair.east.received)).toEqual([undefined, POSITION, POSITION, POSITION]);
});

test('at most the newest 8 of an account, each once', async () => {
  for (const n of [1, 2, 3, 3, 4, 5, 6, 7, 8, 9]) {
    pair.east.does(answers(201, { ...ACCEPTED, position: `fact-${n}` }));
    await pair.client.pay(ACCOUNT, PAYMENT);
  }
  pair.east.does(tellsAccount);
  await pair.client.account(ACCOUNT);
  expect(afterOf(pair.east.received).at(-1)).toBe('fact-2, fact-3, fact-4, fact-5, fact-6, fact-7, fact-8, fact-9');
});

test.each(['', 'x'.repeat(513), 'two, positions', 'line\nbreak'])(
  'a position that could not be sent back is a lie: %j',
  async (position) => {
    pair.east.does(answers(201, { ...ACCEPTED, position }));
    pair.west.does(accepts);
    expect((await pair.client.pay(ACCOUNT, PAYMENT)).position).toBe(POSITION);
  },
);

test('10 000 accounts are remembered, and the one that has not paid for longest is forgotten first', () => {
  const writes = new OwnWrites(2);
  for (let account = 0; account < 10_000; account++) writes.add(`us_${account}`, 'first', 0);
  writes.add('us_0', 'second', 0);
  writes.add('us_new', 'first', 0);
  expect(['us_0', 'us_1', 'us_2', 'us_new'].map((account) => writes.after(account, 'east'))).toEqual([
    'first, second',
    undefined,
    'first',
    'first',
  ]);
});

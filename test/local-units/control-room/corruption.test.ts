import { expect, test } from '@jest/globals';
import { Corruption, NothingToDamage, withFlippedBit } from '../../../local/control-room/corruption.ts';
import type { ItemPlace, StoredBody } from '../../../local/control-room/ledger-items.ts';
import { PaymentBook } from '../../../local/control-room/payment-book.ts';

const BODY = '{"amountMinor":1004,"type":"PaymentAccepted"}';

const begin = () => {
  const book = new PaymentBook('run');
  const world = { nowMs: 10_000, stored: { body: BODY, sum: 's' } as StoredBody | undefined, asked: [] as string[] };
  const corruption = new Corruption({
    book,
    items: {
      body: async (region: string, place: ItemPlace) => {
        world.asked.push(`${region} ${place.table} ${place.key}`);
        return world.stored;
      },
      setBody: async (_region: string, _place: ItemPlace, body: string) => {
        world.stored = { body, sum: 's' };
      },
    },
    tables: { ledger: 'the-ledger', view: 'the-views' },
    ledgerReader: () => 'us-west-2',
    nowMs: () => world.nowMs,
    random: () => 0,
  });
  const payments = (n: number) => {
    for (let index = 0; index < n; index += 1) book.acknowledge(book.begin('us_a'), `pay_${index}`);
  };
  return { corruption, world, payments };
};

test('one bit of the last digit turns, and turns back', () => {
  expect(withFlippedBit(BODY)).toBe('{"amountMinor":1005,"type":"PaymentAccepted"}');
  expect(withFlippedBit(withFlippedBit(BODY))).toBe(BODY);
  expect(() => withFlippedBit('{"type":"AccountOpened"}')).toThrow('no amountMinor in {"type":"AccountOpened"}');
});

test('it is put right when the body is what it was, wherever the ledger can be read, and the time is that of the repair', async () => {
  const { corruption, world, payments } = begin();
  payments(3);
  await corruption.flip('us-east-1', 'ledger');
  expect(world.stored?.body).toBe(withFlippedBit(BODY));
  world.nowMs += 4_000;
  await corruption.watch();
  expect([corruption.isOpen, corruption.report()?.mendedAfterMs]).toEqual([true, null]);
  world.stored = { body: BODY, sum: 's' };
  world.nowMs += 2_000;
  await corruption.watch();
  world.nowMs += 9_000;
  await corruption.watch();
  expect([corruption.isOpen, corruption.report()]).toEqual([
    false,
    {
      region: 'us-east-1',
      where: 'ledger',
      account: 'us_a',
      key: 'p#pay_0#000',
      sinceMs: 10_000,
      mendedAfterMs: 6_000,
    },
  ]);
  expect(world.asked).toEqual([
    'us-east-1 the-ledger p#pay_0#000',
    'us-west-2 the-ledger p#pay_0#000',
    'us-west-2 the-ledger p#pay_0#000',
  ]);
});

test('a view is damaged and watched in its own Region', async () => {
  const { corruption, world, payments } = begin();
  payments(3);
  await corruption.flip('us-east-1', 'view');
  await corruption.watch();
  expect(world.asked).toEqual(['us-east-1 the-views p#pay_0#000', 'us-east-1 the-views p#pay_0#000']);
});

test('without a payment that is old enough nothing is damaged', async () => {
  const { corruption, world, payments } = begin();
  payments(2);
  await expect(corruption.flip('us-east-1', 'ledger')).rejects.toThrow(
    new NothingToDamage('there is no payment to damage yet: start the payers and wait for some'),
  );
  payments(1);
  world.stored = undefined;
  await expect(corruption.flip('us-east-1', 'view')).rejects.toThrow(
    'p#pay_0#000 is not in the view of us-east-1 yet: try again',
  );
  expect(corruption.report()).toBeNull();
});

// Owns what a processor must do. `shape`: of any, a mock without a memory too. `books`: of one that remembers.
import { expect, test } from '@jest/globals';
import type { Currency, Minor } from '../../lambdas/domain/money.ts';
import { type ChargeOrder, DECLINE_REASONS, type Processor } from '../../lambdas/ports/processor.ts';
import { payment } from './facts.ts';

export const order = (tag: string, method: string, amountMinor = 1_250n): ChargeOrder => ({
  paymentId: payment(tag),
  amountMinor: amountMinor as Minor,
  currency: 'USD' as Currency,
  method,
});
const back = (charge: string, reference: string, amountMinor = 250n) => ({
  charge,
  reference,
  amountMinor: amountMinor as Minor,
});

export interface Methods {
  readonly good: string;
  readonly refused: string;
}

export const processorShape = (open: () => Processor, methods: Methods): void => {
  test('a charge is prepared under a reference that a fact can hold, and can be looked up', async () => {
    const reference = await open().prepare(order('a', methods.good));
    expect(reference).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
    expect(['unconfirmed', 'under-way', 'collected']).toContain((await open().lookup(reference)).kind);
  });

  test('a confirmed charge has a state', async () => {
    const reference = await open().prepare(order('b', methods.good));
    const { kind } = await open().confirm(reference, order('b', methods.good));
    expect(['unconfirmed', 'under-way', 'collected', 'declined']).toContain(kind);
  });

  test('a refund has a state', async () => {
    const reference = await open().prepare(order('c', methods.good));
    await open().confirm(reference, order('c', methods.good));
    expect(['under-way', 'sent']).toContain((await open().refund(back(reference, 'pay_c_3'))).kind);
  });
};

export const processorBooks = (open: () => Processor, methods: Methods): void => {
  test('nothing is collected before it is confirmed, and then what was ordered, once', async () => {
    const processor = open();
    const reference = await processor.prepare(order('d', methods.good));
    expect(await processor.lookup(reference)).toEqual({ kind: 'unconfirmed' });
    const collected = { kind: 'collected', amountMinor: 1_250n };
    expect(await processor.confirm(reference, order('d', methods.good))).toEqual(collected);
    expect(await processor.confirm(reference, order('d', methods.good))).toEqual(collected);
    expect(await processor.lookup(reference)).toEqual(collected);
  });

  test('a refused method is declined for a reason on the list, and stays so', async () => {
    const processor = open();
    const reference = await processor.prepare(order('e', methods.refused));
    const state = await processor.confirm(reference, order('e', methods.refused));
    expect(state).toEqual({ kind: 'declined', reason: 'insufficient-funds' });
    expect(DECLINE_REASONS).toContain('insufficient-funds');
    expect(await processor.lookup(reference)).toEqual(state);
  });

  test('a reference it does not know decides nothing', async () => {
    await expect(open().lookup('charge_unknown')).rejects.toMatchObject({ name: 'ProcessorUnavailable' });
    await expect(open().confirm('charge_unknown', order('f', methods.good))).rejects.toMatchObject({
      name: 'ProcessorUnavailable',
    });
  });

  test('a refund of one name is sent once, one of another name beside it', async () => {
    const processor = open();
    const reference = await processor.prepare(order('g', methods.good, 500n));
    await processor.confirm(reference, order('g', methods.good, 500n));
    const sent = await Promise.all([1, 2, 3].map(() => processor.refund(back(reference, 'pay_g_3'))));
    expect(sent).toEqual([{ kind: 'sent' }, { kind: 'sent' }, { kind: 'sent' }]);
    expect(await processor.refund(back(reference, 'pay_g_4'))).toEqual({ kind: 'sent' });
  });
};

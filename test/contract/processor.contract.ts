// Owns what a processor must do. `shape`: of any, a mock without a memory too. `books`: of one that remembers.
import { expect, test } from '@jest/globals';
import type { Currency, Minor } from '../../lambdas/domain/money.ts';
import type { ReportEntry } from '../../lambdas/domain/reconcile.ts';
import { type ChargeOrder, DECLINE_REASONS, type Processor, type ReportPage } from '../../lambdas/ports/processor.ts';
import { account, payment } from './facts.ts';

export const order = (tag: string, method: string, amountMinor = 1_250n): ChargeOrder => ({
  accountId: account('us_a'),
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

  test('a report has pages', async () => {
    expect((await open().report(0, 1_000)).entries).toEqual(expect.any(Array));
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

  test('reports what was confirmed and sent, each once, a page at a time, and nothing else', async () => {
    const processor = open();
    const reportOf = async (fromMs: number, toMs: number): Promise<readonly ReportEntry[]> => {
      const entries: ReportEntry[] = [];
      let page: ReportPage | undefined;
      do {
        page = await processor.report(fromMs, toMs, page?.cursor);
        entries.push(...page.entries);
      } while (page.cursor !== undefined);
      return entries;
    };
    const nothing = await processor.prepare(order('r', methods.good));
    const charges: string[] = [];
    for (const tag of ['s', 't', 'u']) {
      const reference = await processor.prepare(order(tag, methods.good));
      await processor.confirm(reference, order(tag, methods.good));
      charges.push(reference);
    }
    const refused = await processor.prepare(order('v', methods.refused));
    await processor.confirm(refused, order('v', methods.refused));
    await processor.refund(back(charges[0] ?? '', 'pay_s_3'));
    const all = await reportOf(0, Number.MAX_SAFE_INTEGER);
    const of = (reference: string) => all.filter((entry) => entry.reference === reference);
    expect(charges.map((reference) => of(reference).length)).toEqual([1, 1, 1]);
    const [first] = of(charges[0] ?? '');
    const { paymentId, accountId, currency, amountMinor } = order('s', methods.good);
    const entry = { kind: 'charge', paymentId, accountId, currency, amountMinor, status: 'collected' };
    expect(first).toMatchObject(entry);
    expect(of('pay_s_3')).toMatchObject([{ ...entry, kind: 'refund', amountMinor: 250n, status: 'sent' }]);
    expect([of(nothing).length, of(refused)[0]?.status]).toEqual([0, 'declined']);
    const atMs = first?.atMs ?? 0;
    const names = (entries: readonly ReportEntry[]) => entries.map(({ reference }) => reference);
    expect(names(await reportOf(atMs, atMs + 1))).toContain(charges[0]);
    expect(names(await reportOf(0, atMs))).not.toContain(charges[0]);
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

// Owns the local processor's report: what was confirmed or sent in a stretch of time, a page at a time.
// Leaves to book.ts what is true.
import type { Book } from './book.ts';

interface Entry {
  readonly kind: 'charge' | 'refund';
  readonly reference: string;
  readonly paymentId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly amountMinor: number;
  readonly currency: string;
  readonly atMs: number;
  readonly status: string;
}

const PAGE = 100;

/** `cursor` counts entries. An unconfirmed charge has not happened yet. */
export const reportPage = (
  book: Book,
  { fromMs, toMs, cursor }: { readonly fromMs: number; readonly toMs: number; readonly cursor: number },
): { readonly entries: readonly Entry[]; readonly cursor?: string } => {
  const all = entriesOf(book).filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  const entries = all.slice(cursor, cursor + PAGE);
  return cursor + PAGE < all.length ? { entries, cursor: String(cursor + PAGE) } : { entries };
};

const entriesOf = (book: Book): readonly Entry[] => {
  const { charges, refunds } = book.report();
  return [
    ...charges.flatMap(({ reference, paymentId, accountId, amountMinor, currency, atMs, status }): Entry[] =>
      status === 'unconfirmed'
        ? []
        : [{ kind: 'charge', reference, paymentId, accountId, amountMinor, currency, atMs, status }],
    ),
    ...refunds.flatMap(({ reference, charge, amountMinor, atMs, status }): Entry[] => {
      const of = book.charge(charge);
      if (of === undefined) return [];
      const { paymentId, accountId, currency } = of;
      return [{ kind: 'refund', reference, paymentId, accountId, amountMinor, currency, atMs, status }];
    }),
  ];
};

// Owns how the copies of one account are read, so that what is found is damage and not a moment between two writes.
// Leaves to domain/verify-account.ts the judgement.
import { canonicalJson } from '../../domain/canonical.ts';
import type { AccountId } from '../../domain/ids.ts';
import {
  type AccountCopies,
  type AccountReport,
  type Copies,
  type DerivedRows,
  factsOfView,
  verifyAccount,
} from '../../domain/verify-account.ts';
import type { DerivedCopies, FactCopies, HeldFact, Look, Seen } from '../../ports/fact-copies.ts';
import type { ViewStore } from '../../ports/view-store.ts';
import { LOOKS_AT_ACCOUNT } from '../policies.ts';

export interface ViewSource {
  readonly region: string;
  readonly rows: FactCopies;
  readonly derived: DerivedCopies;
  readonly store: Pick<ViewStore, 'apply'>;
  /** Facts from then on may not have come into this view yet, epoch milliseconds. */
  coversUntilMs(): Promise<number>;
}

export interface Sources {
  readonly ledger: { readonly region: string; readonly items: FactCopies };
  readonly views: readonly [ViewSource, ...ViewSource[]];
  /** What archives have of the account, of `unproven`: keys of which nothing else has a sound copy. Absent where no archive is asked. */
  readonly archived?: (accountId: AccountId, unproven: ReadonlySet<string>) => Promise<AccountCopies['archives']>;
}

/** An account as it was found, with what is needed to change only that. */
export interface AccountLook {
  readonly copies: AccountCopies;
  readonly report: AccountReport;
  readonly seenInLedger: (key: string) => Seen;
  readonly seenInView: (region: string, key: string) => Seen;
  /** Of the view's row of totals. */
  readonly stampOf: (region: string) => Seen;
}

/** A glance first; what it finds counts only when a strong look finds it too. @throws LedgerUnavailable, ViewUnavailable, ArchiveUnavailable */
export const checkAccount = async (sources: Sources, accountId: AccountId): Promise<AccountLook> => {
  const glance = await lookAtAccount(sources, accountId, 'glance');
  return glance.report.findings.length === 0 ? glance : lookAtAccount(sources, accountId, 'strong');
};

/**
 * Each view before the ledger: whatever has come into a view was in the ledger before. Of a view, how far it has come before what
 * is in it. The totals twice: while they change, what follows from facts cannot be compared with them, and is taken to be right.
 */
export const lookAtAccount = async (sources: Sources, accountId: AccountId, look: Look): Promise<AccountLook> => {
  for (let tries = 1; ; tries++) {
    const views = await Promise.all(sources.views.map((view) => readView(view, accountId, look)));
    const items = await sources.ledger.items.account(accountId, look);
    const ledger = { region: sources.ledger.region, items: byKey(items) };
    const settled = await Promise.all(
      views.map(async (view) => {
        const { source, stamp } = view;
        const facts = factsOfView({ accountId, ledger, views: [] }, view) ?? [];
        const derived = await source.derived.read(accountId, facts);
        const isStable = isSameRow(stamp, await source.derived.stamp(accountId));
        return { ...view, isStable, derived: isStable ? derived : source.derived.replay(facts) };
      }),
    );
    if (tries < LOOKS_AT_ACCOUNT && settled.some(({ isStable }) => !isStable)) continue;
    const archives = look === 'strong' ? await sources.archived?.(accountId, unprovenOf(ledger, settled)) : undefined;
    const copies: AccountCopies = { accountId, ledger, views: settled, ...(archives && { archives }) };
    const report = verifyAccount(copies, sources.views[0].derived.replay);
    return {
      copies,
      report,
      seenInLedger: (key) => items.find((item) => item.key === key)?.seen,
      seenInView: (region, key) => viewOf(settled, region)?.held.find((row) => row.key === key)?.seen,
      stampOf: (region) => viewOf(settled, region)?.stamp,
    };
  }
};

const unprovenOf = ({ items }: AccountCopies['ledger'], views: AccountCopies['views']): ReadonlySet<string> => {
  const stores = [items, ...views.map(({ rows }) => rows)];
  const keys = stores.flatMap((copies) => [...copies.keys()]);
  return new Set(keys.filter((key) => !stores.some((copies) => copies.get(key)?.kind === 'sound')));
};

interface ReadView {
  readonly source: ViewSource;
  readonly region: string;
  readonly coversUntilMs: number;
  readonly stamp: Seen;
  readonly held: readonly HeldFact[];
  readonly rows: Copies;
  readonly derived: DerivedRows;
}

const readView = async (source: ViewSource, accountId: AccountId, look: Look): Promise<ReadView> => {
  const coversUntilMs = await source.coversUntilMs();
  const stamp = await source.derived.stamp(accountId);
  const held = await source.rows.account(accountId, look);
  return { source, region: source.region, coversUntilMs, stamp, held, rows: byKey(held), derived: new Map() };
};

const viewOf = <V extends { readonly region: string }>(views: readonly V[], region: string): V | undefined =>
  views.find((view) => view.region === region);

const byKey = (held: readonly HeldFact[]): Copies => new Map(held.map(({ key, copy }) => [key, copy]));

/** Stores give attributes in any order. */
const isSameRow = (a: Seen, b: Seen): boolean => canonicalJson([a ?? null]) === canonicalJson([b ?? null]);

// Owns what must hold of each Region’s view and of the ledger’s items: exactly what was committed, and sums that follow from it.
// Leaves to looks.ts what is answered from them.
import { canonicalJson } from '../../lambdas/domain/canonical.ts';
import type { World } from '../world/world.ts';
import type { Report } from './invariants.ts';
import { booked, type Committed, groupBy, type RawFact } from './raw-fact.ts';

export const checkItems = (committed: readonly Committed[], { ledger }: World, report: Report): void => {
  for (const { fact, key, body, sum } of committed) {
    const item = ledger.facts.accounts.get(fact.accountId)?.get(key);
    if (item?.body !== body || item.sum !== sum)
      report('damage is repaired', `${key} of ${fact.accountId} is not what it was`);
  }
};

export const checkViews = (committed: readonly Committed[], { regions }: World, report: Report): void => {
  const accounts = groupBy(committed, ({ fact }) => fact.accountId);
  for (const { name, stores } of Object.values(regions)) {
    const { views } = stores;
    for (const [account, items] of accounts) {
      const held = views.accounts.get(account);
      const lines = [...(held?.facts.values() ?? [])].map(({ sk, body, sum }) => `${sk} ${sum} ${body}`);
      const expected = items.map(({ key, body, sum }) => `${key} ${sum} ${body}`);
      const where = `the view of ${account} in ${name}`;
      if (!isSameSet(lines, expected))
        report('views equal a replay', `${where} holds ${lines.length} lines, of ${expected.length} facts`);
      const sums = sumsText(held?.sums ?? new Map());
      const replayed = textOf(replay(items.map(({ fact }) => fact)));
      if (sums !== replayed) report('views equal a replay', `${where} has sums ${sums}, its facts make ${replayed}`);
    }
    const open = [...views.openWork.values()].flatMap((rows) => [...rows.keys()]);
    if (open.length > 0) report('views equal a replay', `the view in ${name} holds open ${open.join(', ')}`);
  }
  const [east, west] = Object.values(regions).map(({ stores }) => daysOf(stores.views.days));
  if (east !== west) report('views equal a replay', 'the rows by day differ between the Regions');
};

/**
 * Line and sums come in one transaction, so at any moment the sums are those of the lines that are there, however far the view has
 * come; but not where a line or a sum was harmed.
 */
export const checkSumsFollowLines = ({ regions, harmed }: World, report: Report): void => {
  const harmedAccounts = new Set([...harmed].map((name) => name.split('|')[0]));
  for (const { name, stores } of Object.values(regions)) {
    for (const [account, { facts, sums }] of stores.views.accounts) {
      if (harmedAccounts.has(account) || facts.size === 0) continue;
      const held = sumsText(sums);
      const replayed = textOf(replay([...facts.values()].map(({ body }) => JSON.parse(body))));
      if (held !== replayed)
        report('sums follow lines', `the view of ${account} in ${name} has sums ${held}, its lines make ${replayed}`);
    }
  }
};

type Sums = ReadonlyMap<string, ReadonlyMap<string, bigint>>;
const sumsText = (sums: Sums): string =>
  textOf(Object.fromEntries([...sums].map(([row, amounts]) => [row, Object.fromEntries(amounts)])));

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  [...a].sort().join('\n') === [...b].sort().join('\n');

const daysOf = (days: ReadonlyMap<string, ReadonlySet<string>>): string =>
  textOf(Object.fromEntries([...days].map(([day, rows]) => [day, [...rows].sort()])));

const textOf = (rows: object): string =>
  canonicalJson(JSON.parse(JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? Number(value) : value))));

/** The auditor's own sums: what each kind of stream moves on the receivable, in all, by month and by day of UTC. */
const replay = (facts: readonly RawFact[]): object => {
  const moved = (kind: string): number =>
    booked(
      facts.filter(({ stream }) => stream[0] === kind),
      'receivable',
    );
  const rows: Record<string, Record<string, number>> = {
    sum: {
      billedMinor: moved('b'),
      paidMinor: 0 - moved('p'),
      adjustedMinor: moved('x'),
      pendingMinor: booked(facts, 'payments-clearing'),
      factCount: facts.length,
    },
  };
  for (const fact of facts) {
    const change = booked([fact], 'receivable');
    if (change === 0) continue;
    const day = new Date(fact.occurredAtMs).toISOString().slice(0, 10);
    const month = `sum#${day.slice(0, 7)}`;
    const { total = 0, [`d${day.slice(8)}`]: ofDay = 0, ...others } = rows[month] ?? {};
    rows[month] = { ...others, total: total + change, [`d${day.slice(8)}`]: ofDay + change };
  }
  return rows;
};

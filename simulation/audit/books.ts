// Owns what must hold of the ledger as a whole: one fact a command, no holes, balanced, nothing undone twice.
// Leaves to money.ts what the processor says to it.
import type { Journal } from '../clients/journal.ts';
import { factsOf } from './answers.ts';
import type { Report } from './invariants.ts';
import { booked, type Committed, groupBy, paymentsOf } from './raw-fact.ts';

const FROM_COMMANDS: ReadonlySet<string> = new Set([
  'AccountOpened',
  'PaymentAccepted',
  'PaymentRefunded',
  'FactReversed',
  'AccountAdjusted',
  'BillIssued',
]);

export const checkBooks = (committed: readonly Committed[], journal: Journal, report: Report): void => {
  checkKeys(committed, report);
  checkCommands(committed, journal, report);
  for (const { fact, key } of committed) {
    const sum = fact.postings.reduce((total, { amountMinor }) => total + amountMinor, 0);
    if (sum !== 0) report('books balance', `${key} of ${fact.accountId} is ${sum} off`);
  }
  for (const [payment, facts] of paymentsOf(committed)) {
    const accepted = facts.find(({ type }) => type === 'PaymentAccepted')?.amountMinor ?? 0;
    const left = -booked(facts, 'receivable');
    if (left < 0 || left > accepted)
      report('refunds within the payment', `${left} of ${accepted} is left of ${payment}`);
  }
};

const checkKeys = (committed: readonly Committed[], report: Report): void => {
  const streams = groupBy(committed, ({ fact }) => `${fact.accountId} ${fact.stream}`);
  for (const [stream, items] of streams) {
    const ordered = [...items].sort((a, b) => a.fact.ordinal - b.fact.ordinal);
    for (const [place, { fact, key }] of ordered.entries()) {
      const before = ordered[place - 1]?.fact;
      if (before?.ordinal === fact.ordinal)
        report('nothing is overwritten', `${key} of ${fact.accountId} was written twice`);
      else if (fact.ordinal !== (before?.ordinal ?? -1) + 1)
        report('streams have no holes', `${stream} lacks ordinal ${place}`);
      else if (before !== undefined && before.occurredAtMs >= fact.occurredAtMs)
        report('streams have no holes', `${key} of ${stream} is not later than the one before it`);
    }
  }
};

const checkCommands = (committed: readonly Committed[], { commands }: Journal, report: Report): void => {
  const claimed = new Set<Committed>();
  for (const record of commands.values()) {
    const facts = factsOf(committed, record);
    for (const one of facts) claimed.add(one);
    if (facts.length > 1) report('one fact a command', `${record.step.id} has ${facts.length} facts`);
  }
  for (const one of committed)
    if (FROM_COMMANDS.has(one.fact.type) && !claimed.has(one))
      report('one fact a command', `nobody asked for ${one.key} of ${one.fact.accountId}`);
};

// Owns the comparison of one account's acknowledgments with its facts in the ledger: what is lost, doubled, damaged.
// Leaves to ledger-items.ts how facts are read, past every handler; it knows the fields of their bodies, and no code under test.
import { acceptanceKey } from '../payment-key.ts';
import type { Intent } from './payment-book.ts';

export interface LedgerFact {
  /** The sort key. */
  readonly key: string;
  /** Whether its checksum matches its body. */
  readonly isSound: boolean;
  /** Of the body; absent when it cannot be read. */
  readonly type?: string;
  readonly amountMinor?: number;
}

export interface AccountAudit {
  /** Acknowledged before the facts were read. */
  readonly checked: number;
  readonly settled: number;
  readonly lost: number;
  readonly doubled: number;
  readonly damaged: number;
}

/**
 * @param intents as they were before the facts were read: what is acknowledged later may not be in them
 * @param facts all of the account
 */
export const auditAccount = (intents: readonly Intent[], facts: readonly LedgerFact[]): AccountAudit => {
  const sound = facts.filter(({ isSound }) => isSound);
  const damaged = new Set(facts.filter(({ isSound }) => !isSound).map(({ key }) => key));
  const accepted = sound.filter(({ type }) => type === 'PaymentAccepted');
  const timesStored = countBy(accepted.map(({ amountMinor }) => amountMinor));
  // Per stream `p#<payment>`: one payment is settled once.
  const timesSettled = countBy(sound.filter(({ type }) => type === 'PaymentSettled').map(({ key }) => streamOf(key)));
  const acknowledged = intents.filter(({ paymentId }) => paymentId !== undefined);
  // A damaged fact is there and says nothing that can be believed: neither lost nor found.
  const isLost = ({ amountMinor, paymentId = '' }: Intent): boolean =>
    !timesStored.has(amountMinor) && !damaged.has(acceptanceKey(paymentId));
  return {
    checked: acknowledged.length,
    settled: timesSettled.size,
    lost: acknowledged.filter(isLost).length,
    doubled:
      intents.filter(({ amountMinor }) => (timesStored.get(amountMinor) ?? 0) > 1).length +
      [...timesSettled.values()].filter((times) => times > 1).length,
    damaged: damaged.size,
  };
};

const streamOf = (key: string): string => key.slice(0, key.lastIndexOf('#'));

const countBy = <T>(values: readonly T[]): ReadonlyMap<T, number> => {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

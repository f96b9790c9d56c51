// Owns one damaged item: which payment's, in which copy, and how long it took until it was what it had been.
// Leaves the repair to the scrubbers of the Regions, which nobody tells of it.
import { acceptanceKey } from '../payment-key.ts';
import type { ItemPlace, LedgerItems, StoredBody } from './ledger-items.ts';
import type { CorruptionReport } from './live.ts';
import type { Intent, PaymentBook } from './payment-book.ts';

/** The newest may not have come into every view. */
const YOUNGEST_LEFT_OUT = 2;

export type Copy = 'ledger' | 'view';

/** It would succeed later: the caller is told to wait. */
export class NothingToDamage extends Error {
  override readonly name = 'NothingToDamage';
}

export interface CorruptionOptions {
  readonly book: Pick<PaymentBook, 'accounts' | 'intentsOf'>;
  readonly items: Pick<LedgerItems, 'body' | 'setBody'>;
  readonly tables: Readonly<Record<Copy, string>>;
  /** Where the one ledger can be read strongly now. @throws Error when nobody can */
  readonly ledgerReader: () => string;
  readonly nowMs: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

interface Damage {
  readonly region: string;
  readonly where: Copy;
  readonly place: ItemPlace;
  readonly bodyBefore: string;
  readonly sinceMs: number;
  readonly mendedAfterMs: number | null;
}

export class Corruption {
  #damage: Damage | undefined;

  constructor(private readonly options: CorruptionOptions) {}

  /**
   * Turns one bit of the amount of a payment that its payer holds a receipt for.
   * @throws NothingToDamage when there is no such payment yet, or it is not in that copy; what DynamoDB answers
   */
  async flip(region: string, where: Copy): Promise<void> {
    const { items, tables, nowMs } = this.options;
    const { accountId, paymentId } = this.#anyPayment();
    const place = { table: tables[where], account: accountId, key: acceptanceKey(paymentId) };
    const stored = await items.body(region, place);
    if (stored === undefined)
      throw new NothingToDamage(`${place.key} is not in the ${where} of ${region} yet: try again`);
    await items.setBody(region, place, withFlippedBit(stored.body));
    this.#damage = { region, where, place, bodyBefore: stored.body, sinceMs: nowMs(), mendedAfterMs: null };
  }

  /** To be called every second. A Region that does not answer is asked again. */
  async watch(): Promise<void> {
    const damage = this.#damage;
    if (damage === undefined || damage.mendedAfterMs !== null) return;
    const stored = await this.#read(damage).catch(() => undefined);
    if (stored?.body !== damage.bodyBefore || this.#damage !== damage) return;
    this.#damage = { ...damage, mendedAfterMs: this.options.nowMs() - damage.sinceMs };
  }

  /** Null before the first one. */
  report(): CorruptionReport | null {
    if (this.#damage === undefined) return null;
    const { region, where, place, sinceMs, mendedAfterMs } = this.#damage;
    return { region, where, account: place.account, key: place.key, sinceMs, mendedAfterMs };
  }

  get isOpen(): boolean {
    return this.#damage !== undefined && this.#damage.mendedAfterMs === null;
  }

  async #read({ region, where, place }: Damage): Promise<StoredBody | undefined> {
    const { items, ledgerReader } = this.options;
    return items.body(where === 'ledger' ? ledgerReader() : region, place);
  }

  #anyPayment(): Required<Pick<Intent, 'accountId' | 'paymentId'>> {
    const { book, random } = this.options;
    const payments = book.accounts.flatMap((account) =>
      book
        .intentsOf(account)
        .slice(0, -YOUNGEST_LEFT_OUT)
        .flatMap(({ accountId, paymentId }) => (paymentId === undefined ? [] : [{ accountId, paymentId }])),
    );
    const chosen = payments[Math.floor(random() * payments.length)];
    if (chosen === undefined)
      throw new NothingToDamage('there is no payment to damage yet: start the payers and wait for some');
    return chosen;
  }
}

const AMOUNT = /("amountMinor":\d*)(\d)/;

/** The lowest bit of the last digit of the amount: 1004 becomes 1005, which any parser believes. @throws Error for a body without one */
export const withFlippedBit = (body: string): string => {
  if (!AMOUNT.test(body)) throw new Error(`no amountMinor in ${body}`);
  return body.replace(AMOUNT, (_, rest: string, digit: string) => rest + String.fromCharCode(digit.charCodeAt(0) ^ 1));
};

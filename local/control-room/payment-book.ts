// Owns what payers know of their own payments: what they began, and what they hold a 201 for.
// Leaves to audit.ts what has become of it in the ledger.

export interface Intent {
  readonly accountId: string;
  readonly idempotencyKey: string;
  /** Unique in its account: it tells payments apart without any id of the server. */
  readonly amountMinor: number;
  /** From the 201; absent while there is none. */
  readonly paymentId?: string;
}

const FIRST_AMOUNT_MINOR = 1_000;

export class PaymentBook {
  readonly #byAccount = new Map<string, Intent[]>();
  #begun = 0;
  #acknowledged = 0;

  /** `run` sets the keys of this run apart from those of an earlier one in the same data directory. */
  constructor(private readonly run: string) {}

  get begun(): number {
    return this.#begun;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  get accounts(): readonly string[] {
    return [...this.#byAccount.keys()];
  }

  intentsOf(accountId: string): readonly Intent[] {
    return this.#byAccount.get(accountId) ?? [];
  }

  begin(accountId: string): Intent {
    const intents = this.#byAccount.get(accountId) ?? [];
    const amountMinor = FIRST_AMOUNT_MINOR + intents.length;
    const intent = { accountId, amountMinor, idempotencyKey: `${this.run}-${accountId}-${amountMinor}` };
    this.#byAccount.set(accountId, [...intents, intent]);
    this.#begun += 1;
    return intent;
  }

  acknowledge({ accountId, amountMinor }: Intent, paymentId: string): void {
    const intents = this.#byAccount.get(accountId) ?? [];
    const index = amountMinor - FIRST_AMOUNT_MINOR;
    const intent = intents[index];
    if (intent === undefined || intent.paymentId !== undefined) return;
    this.#byAccount.set(accountId, intents.with(index, { ...intent, paymentId }));
    this.#acknowledged += 1;
  }
}

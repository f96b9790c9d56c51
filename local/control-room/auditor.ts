// Owns when which account is looked at, and the sum of what was found: a few accounts a second, those first that waited longest.
// Leaves to audit.ts the comparison.
import { type AccountAudit, auditAccount, type LedgerFact } from './audit.ts';
import type { AuditReport } from './live.ts';
import type { PaymentBook } from './payment-book.ts';

/** A strong read of an account each; more would take from the payments what they are to show. */
const LOOKS_A_SECOND = 4;

export interface AuditorOptions {
  readonly book: Pick<PaymentBook, 'accounts' | 'intentsOf' | 'begun' | 'acknowledged'>;
  /** @throws Error when no Region can be asked */
  readonly facts: (account: string) => Promise<readonly LedgerFact[]>;
  readonly nowMs: () => number;
}

interface Look extends AccountAudit {
  readonly atMs: number;
}

export class Auditor {
  readonly #looks = new Map<string, Look>();
  #trouble: string | null = null;
  #looking = false;

  constructor(private readonly options: AuditorOptions) {}

  /** To be called every second; a look that takes longer is not joined by another. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      for (const account of this.#next()) await this.#lookAt(account);
      this.#trouble = null;
    } catch (cause) {
      this.#trouble = cause instanceof Error ? cause.message : String(cause);
    } finally {
      this.#looking = false;
    }
  }

  report(): AuditReport {
    const { book, nowMs } = this.options;
    const looks = [...this.#looks.values()];
    const sum = (of: (look: Look) => number) => looks.reduce((total, look) => total + of(look), 0);
    const isComplete = book.accounts.length > 0 && looks.length === book.accounts.length;
    return {
      begun: book.begun,
      acknowledged: book.acknowledged,
      checked: sum(({ checked }) => checked),
      settled: sum(({ settled }) => settled),
      lost: sum(({ lost }) => lost),
      doubled: sum(({ doubled }) => doubled),
      damaged: sum(({ damaged }) => damaged),
      oldestLookMs: isComplete ? nowMs() - Math.min(...looks.map(({ atMs }) => atMs)) : null,
      trouble: this.#trouble,
    };
  }

  #next(): readonly string[] {
    const lookedAtMs = (account: string): number => this.#looks.get(account)?.atMs ?? 0;
    return [...this.options.book.accounts]
      .sort((one, other) => lookedAtMs(one) - lookedAtMs(other))
      .slice(0, LOOKS_A_SECOND);
  }

  async #lookAt(account: string): Promise<void> {
    const intents = this.options.book.intentsOf(account);
    const facts = await this.options.facts(account);
    this.#looks.set(account, { ...auditAccount(intents, facts), atMs: this.options.nowMs() });
  }
}

// Owns when the certificates of a Region expire: issued as ACM does, renewed by it in time, unless its renewal was stopped.
// Leaves to cloudwatch/region-metrics.ts that their days are published. What is renewed is a date: there is no key and no TLS here.
// Source: ACM user guide, "Renewal for domains validated by DNS": valid for 198 days, renewed 45 days before the end.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const DAY_MS = 86_400_000;
const VALID_MS = 198 * DAY_MS;
const RENEWED_BEFORE_MS = 45 * DAY_MS;

interface Kept {
  readonly expiresAtMs: Readonly<Record<string, number>>;
  readonly renews: boolean;
}

export interface CertificatesOptions {
  /** ARNs. */
  readonly certificates: readonly string[];
  /** They outlive the Region's process. */
  readonly file: string;
  readonly nowMs: () => number;
}

export class Certificates {
  #kept: Kept;

  constructor(private readonly options: CertificatesOptions) {
    const { certificates, file, nowMs } = options;
    const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : undefined;
    const dates = certificates.map((arn) => [arn, kept?.expiresAtMs[arn] ?? nowMs() + VALID_MS] as const);
    this.#kept = { expiresAtMs: Object.fromEntries(dates), renews: kept?.renews ?? true };
    this.#keep(this.#kept);
  }

  /** What stops it on AWS: the record that proves the domain is gone, or a CAA record forbids Amazon. */
  stopRenewal(): void {
    this.#keep({ ...this.#kept, renews: false });
  }

  resumeRenewal(): void {
    this.#keep({ ...this.#kept, renews: true });
  }

  /** Days until each expires, renewed ones renewed; one that has expired is not among them: ACM publishes nothing of it. */
  daysToExpiry(): readonly { readonly arn: string; readonly days: number }[] {
    const nowMs = this.options.nowMs();
    const dates = Object.entries(this.#kept.expiresAtMs).map(
      ([arn, expiresAtMs]) => [arn, this.#kept.renews ? renewed(expiresAtMs, nowMs) : expiresAtMs] as const,
    );
    if (dates.some(([arn, expiresAtMs]) => this.#kept.expiresAtMs[arn] !== expiresAtMs))
      this.#keep({ ...this.#kept, expiresAtMs: Object.fromEntries(dates) });
    return dates
      .filter(([, expiresAtMs]) => expiresAtMs > nowMs)
      .map(([arn, expiresAtMs]) => ({ arn, days: Math.floor((expiresAtMs - nowMs) / DAY_MS) }));
  }

  #keep(kept: Kept): void {
    this.#kept = kept;
    mkdirSync(dirname(this.options.file), { recursive: true });
    writeFileSync(this.options.file, JSON.stringify(kept));
  }
}

/** A year that nobody lived through is renewed once: the renewals between are over. */
const renewed = (expiresAtMs: number, nowMs: number): number =>
  expiresAtMs - nowMs > RENEWED_BEFORE_MS ? expiresAtMs : nowMs + VALID_MS;

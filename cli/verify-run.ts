// Owns one run of `verify`: accounts, then chains of seals with the archives; what it has found so far, on the terminal, in a file of
// findings and in a checkpoint to go on from.
// Leaves to commands/verify.ts the command line.
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import type { AccountId } from '../lambdas/domain/ids.ts';
import {
  NO_SEAL,
  SEAL_BUCKETS,
  SEAL_WINDOW_MS,
  type Seal,
  type SealHead,
  sealBucketOf,
} from '../lambdas/domain/seal.ts';
import type { Finding } from '../lambdas/domain/verify-account.ts';
import { type ChainCheck, type ChainFinding, checkChain } from '../lambdas/shared/integrity/check-chain.ts';
import { type AccountLook, checkAccount, type Sources } from '../lambdas/shared/integrity/look-at-account.ts';
import { BEGINNING, type WalkPlace, walkAccounts } from './account-walk.ts';
import { oneLine, UsageError } from './failures.ts';
import type { ProgressBar } from './terminal.ts';

export interface Tally {
  readonly accounts: number;
  readonly seals: number;
  readonly findings: number;
  /** Facts that are not in a view yet. */
  readonly notYet: number;
  /** Seals that are not in an archive yet. */
  readonly notArchivedYet: number;
}

export interface VerifyRunOptions {
  readonly sources: Sources;
  readonly chains: Omit<ChainCheck, 'concerns'>;
  /** Facts outside of it are not told of, nor accounts without one in it; epoch milliseconds. */
  readonly window: { readonly fromMs: number; readonly toMs: number };
  readonly print: (line: string) => void;
  /** One finding a line. */
  readonly json?: string;
  readonly checkpoint?: string;
}

/** A ledger that has lost more than so many is told of twice. */
const MOST_TOLD = 100_000;
const factName = ({ accountId, key }: { readonly accountId?: string; readonly key?: string }): string =>
  `${accountId}|${key}`;

/** A seal is looked at in some milliseconds: so many are a second's work. */
const SEALS_A_CHECKPOINT = 100;

/** As its key in the ledger ends: `07/42` is the 42nd of bucket 7. */
export const sealName = ({ bucket, ordinal }: Pick<ChainFinding, 'bucket' | 'ordinal'>): string =>
  `seal ${String(bucket).padStart(2, '0')}/${ordinal}`;

const checkpointShape = z.strictObject({
  place: z.strictObject({
    stage: z.int().min(0),
    items: z.int().min(0),
    cursor: z.string().optional(),
    lastAccount: z.string().optional(),
  }),
  /** Accounts are done, and chains as far as that. */
  chain: z.strictObject({ bucket: z.int().min(0), ordinal: z.int().min(0), hash: z.string() }).optional(),
  tally: z.strictObject({
    accounts: z.int(),
    seals: z.int(),
    findings: z.int(),
    notYet: z.int(),
    notArchivedYet: z.int(),
  }),
});

export class VerifyRun {
  #tally: Tally = { accounts: 0, seals: 0, findings: 0, notYet: 0, notArchivedYet: 0 };
  #place: WalkPlace = BEGINNING;
  /** Facts of the ledger that a finding was told of: that they are sealed too is no second one. */
  readonly #told = new Set<string>();
  #chain: (SealHead & { readonly bucket: number }) | undefined;

  /** @throws UsageError for a checkpoint that none of our runs wrote */
  constructor(private readonly options: VerifyRunOptions) {
    const { checkpoint } = options;
    if (checkpoint === undefined || !existsSync(checkpoint)) return;
    try {
      const { place, tally, chain } = checkpointShape.parse(JSON.parse(readFileSync(checkpoint, 'utf8')));
      this.#place = JSON.parse(JSON.stringify(place)) as WalkPlace;
      this.#tally = tally;
      this.#chain = chain;
    } catch (cause) {
      throw new UsageError(`${checkpoint} is no checkpoint of verify (${oneLine(cause)}): name another file`, {
        cause,
      });
    }
  }

  get tally(): Tally {
    return this.#tally;
  }

  /** Every account. */
  async accounts(bar: ProgressBar): Promise<void> {
    if (this.#chain !== undefined) return;
    for await (const { accounts, next } of walkAccounts(this.options.sources, this.#place)) {
      for (const accountId of accounts) await this.one(accountId);
      this.#place = next;
      this.#keep();
      bar.update(next.items);
    }
  }

  /** Every chain, and with that the end of the run. */
  async chains(bar: ProgressBar): Promise<void> {
    for (let bucket = this.#chain?.bucket ?? 0; bucket < SEAL_BUCKETS; bucket++) {
      const from = this.#chain?.bucket === bucket ? this.#chain : NO_SEAL;
      await this.#chainFrom(bucket, from, (seal) => this.#isSealInWindow(seal));
      bar.update(bucket + 1);
    }
    if (this.options.checkpoint !== undefined) rmSync(this.options.checkpoint, { force: true });
  }

  /** What the chain of the account's bucket and the archives hold of it. */
  async chainOf(accountId: AccountId): Promise<void> {
    const isAbout = (seal: Seal) => seal.members.some((member) => member.accountId === accountId);
    await this.#chainFrom(sealBucketOf(accountId), NO_SEAL, (seal) => isAbout(seal) && this.#isSealInWindow(seal));
  }

  async one(accountId: AccountId): Promise<void> {
    const look = await checkAccount(this.options.sources, accountId);
    if (!this.#isInWindow(look)) return;
    const findings = look.report.findings.filter((finding) => this.#concerns(look, finding));
    for (const finding of findings) this.#tell(finding);
    this.#count({ accounts: 1, notYet: look.report.notYet });
  }

  async #chainFrom(bucket: number, from: SealHead, concerns: ChainCheck['concerns']): Promise<void> {
    const check = { ...this.options.chains, concerns };
    let links = 0;
    for await (const { seals, findings, notYet, head } of checkChain(check, bucket, from)) {
      for (const finding of findings) if (!this.#told.has(factName(finding))) this.#tell(finding);
      this.#count({ seals, notArchivedYet: notYet });
      this.#chain = { bucket, ...head };
      links += 1;
      if (links % SEALS_A_CHECKPOINT === 0) this.#keep();
    }
    this.#chain = { bucket: bucket + 1, ...NO_SEAL };
    this.#keep();
  }

  #count(more: Partial<Tally>): void {
    const { accounts, seals, findings, notYet, notArchivedYet } = this.#tally;
    this.#tally = {
      accounts: accounts + (more.accounts ?? 0),
      seals: seals + (more.seals ?? 0),
      findings: findings + (more.findings ?? 0),
      notYet: notYet + (more.notYet ?? 0),
      notArchivedYet: notArchivedYet + (more.notArchivedYet ?? 0),
    };
  }

  #tell(finding: Finding | ChainFinding): void {
    const { store, region, kind, problem } = finding;
    if (store === 'ledger' && this.#told.size < MOST_TOLD) this.#told.add(factName(finding));
    const seal = 'ordinal' in finding ? [sealName(finding)] : [];
    const fact = finding.key === undefined ? [] : [finding.accountId, finding.key];
    this.options.print([region, store, ...seal, ...fact, `${kind}: ${problem}`].join('  '));
    this.#count({ findings: 1 });
    if (this.options.json !== undefined) appendFileSync(this.options.json, `${JSON.stringify(finding)}\n`);
  }

  #isInWindow({ copies }: AccountLook): boolean {
    const held = [copies.ledger.items, ...copies.views.map(({ rows }) => rows)].flatMap((items) => [...items.values()]);
    return held.some((copy) => copy.kind === 'corrupt' || this.#holds(copy.fact.occurredAtMs));
  }

  /** Whoever has no time known of it concerns every window: what is corrupt, and sums. */
  #concerns({ copies }: AccountLook, { key }: Finding): boolean {
    const held = [copies.ledger.items, ...copies.views.map(({ rows }) => rows)].map((items) => items.get(key));
    const times = held.flatMap((copy) => (copy?.kind === 'sound' ? [copy.fact.occurredAtMs] : []));
    return times.length === 0 || times.some((atMs) => this.#holds(atMs));
  }

  /** Late members are of earlier windows. */
  #isSealInWindow({ windowEndMs, members }: Seal): boolean {
    const { fromMs, toMs } = this.options.window;
    const startMs = members.some(({ late }) => late) ? Number.NEGATIVE_INFINITY : windowEndMs - SEAL_WINDOW_MS;
    return windowEndMs > fromMs && startMs < toMs;
  }

  #holds(atMs: number): boolean {
    const { fromMs, toMs } = this.options.window;
    return atMs >= fromMs && atMs < toMs;
  }

  /** Whole or not at all: a run that is killed while it writes must not lose its place. */
  #keep(): void {
    const { checkpoint } = this.options;
    if (checkpoint === undefined) return;
    writeFileSync(`${checkpoint}.new`, JSON.stringify({ place: this.#place, chain: this.#chain, tally: this.#tally }));
    renameSync(`${checkpoint}.new`, checkpoint);
  }
}

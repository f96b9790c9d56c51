// Owns what `repair` knows of damaged chains and archives: what was found, what of it can be put right, and the accounts it concerns.
// Leaves to lambdas/shared/integrity how chains are judged and repaired, to commands/repair.ts the order of things.
import type { AccountId } from '../lambdas/domain/ids.ts';
import type { FactKey } from '../lambdas/domain/keys.ts';
import { SEAL_BUCKETS, sealBucketOf } from '../lambdas/domain/seal.ts';
import type { AccountCopies } from '../lambdas/domain/verify-account.ts';
import { lineName } from '../lambdas/ports/view-lines.ts';
import { archivedCopies } from '../lambdas/shared/integrity/archived-copies.ts';
import { type ChainCheck, type ChainFinding, checkChain } from '../lambdas/shared/integrity/check-chain.ts';
import { applyChainRemedy, type ChainRemedy, chainRemedy } from '../lambdas/shared/integrity/repair-chain.ts';
import { audit } from './audit.ts';
import type { IntegritySources } from './integrity-sources.ts';
import type { Surroundings } from './surroundings.ts';
import type { Target } from './target.ts';
import { sealName } from './verify-run.ts';

/** Findings of one run: more than that is no damage to single objects, and wants a look at what did it first. */
const MOST_FINDINGS = 10_000;

export class ChainDamage {
  /** Of seals and objects, and of facts in them that no copy proves. */
  readonly #findings: ChainFinding[] = [];
  /** Sealed facts that the ledger does not hold, by account and key. */
  readonly #missing = new Map<AccountId, Map<string, ChainFinding>>();
  readonly #archived = new Map<string, AccountCopies['archives']>();

  private constructor(
    private readonly opened: IntegritySources,
    private readonly around: Surroundings,
  ) {}

  /** In the chain of one account, or in all. @throws LedgerUnavailable, ViewUnavailable, ArchiveUnavailable */
  static async find(
    opened: IntegritySources,
    account: AccountId | undefined,
    around: Surroundings,
  ): Promise<ChainDamage> {
    const damage = new ChainDamage(opened, around);
    const buckets =
      account === undefined ? Array.from({ length: SEAL_BUCKETS }, (_, bucket) => bucket) : [sealBucketOf(account)];
    const bar = around.terminal.progress('chains of seals', buckets.length);
    try {
      const heads = new Map(
        await Promise.all(opened.work.map(async ({ region, work }) => [region, await work.heads()] as const)),
      );
      for (const [place, bucket] of buckets.entries()) {
        await damage.#look(bucket, account, heads);
        bar.update(place + 1);
      }
    } finally {
      bar.stop();
    }
    for (const accountId of damage.accounts) await damage.#keepUnproven(accountId);
    return damage;
  }

  get size(): number {
    return this.#findings.length;
  }

  /** Whose sealed facts the ledger does not hold. */
  get accounts(): readonly AccountId[] {
    return [...this.#missing.keys()];
  }

  /** For look-at-account.ts: what the archives hold of what nothing else does. */
  readonly archived = async (
    accountId: AccountId,
    unproven: ReadonlySet<string>,
  ): Promise<AccountCopies['archives']> => {
    const keys = new Set([...unproven, ...(this.#missing.get(accountId)?.keys() ?? [])]);
    if (keys.size === 0) return [];
    // A repair looks several times, and what is archived stays as it is.
    const question = [accountId, ...[...keys].sort()].join(' ');
    const known = this.#archived.get(question) ?? (await archivedCopies(this.opened.chains, accountId, keys));
    this.#archived.set(question, known);
    return known;
  };

  async show(): Promise<void> {
    for (const finding of this.#findings) {
      const remedy = await chainRemedy(this.opened, finding);
      this.around.terminal.print(remedy === undefined ? leftSentence(finding) : sentenceOf(finding, remedy));
    }
  }

  /** How much of it is left. */
  async repair(store: ChainFinding['store'], target: Target): Promise<number> {
    const { terminal, nowMs } = this.around;
    let left = 0;
    for (const finding of this.#findings.filter((one) => one.store === store)) {
      const remedy = await chainRemedy(this.opened, finding);
      if (remedy === undefined) {
        terminal.print(`left: ${leftSentence(finding)}`);
        left += 1;
        continue;
      }
      await applyChainRemedy(this.opened, remedy);
      const what = sentenceOf(finding, remedy);
      terminal.print(`done: ${what}`);
      audit(target, terminal, { command: 'repair', region: finding.region, what }, nowMs());
    }
    return left;
  }

  async #look(bucket: number, account: AccountId | undefined, heads: ChainCheck['heads']): Promise<void> {
    const { chains, items, region } = this.opened;
    const concerns = (seal: { readonly members: readonly { readonly accountId: AccountId }[] }): boolean =>
      account === undefined || seal.members.some((member) => member.accountId === account);
    const check = { chains, items, region, heads, concerns, nowMs: this.around.nowMs };
    for await (const { findings } of checkChain(check, bucket)) {
      for (const finding of findings) this.#add(finding, account);
      if (this.#findings.length + this.#missing.size >= MOST_FINDINGS) return;
    }
  }

  #add(finding: ChainFinding, account: AccountId | undefined): void {
    const { accountId, key, kind } = finding;
    if (key === undefined || kind !== 'missing') this.#findings.push(finding);
    else if (account === undefined || accountId === account) {
      const id = accountId as AccountId;
      this.#missing.set(id, (this.#missing.get(id) ?? new Map()).set(key, finding));
    }
  }

  /** What neither an archive nor a view has is lost: the look at its account could not even name it. */
  async #keepUnproven(accountId: AccountId): Promise<void> {
    const archives = (await this.archived(accountId, new Set())) ?? [];
    for (const [key, finding] of this.#missing.get(accountId) ?? []) {
      const place = { accountId, key: key as FactKey };
      const inViews = await Promise.all(this.opened.lines.map(({ lines }) => lines.lines([place])));
      const isHeld = inViews.some((held) => held.get(lineName(place))?.kind === 'held');
      if (!isHeld && !archives.some(({ items }) => items.has(key))) this.#findings.push(finding);
    }
  }
}

const sentenceOf = (finding: ChainFinding, remedy: ChainRemedy): string =>
  remedy.kind === 'seal'
    ? `${sealName(finding)} of the ledger from the archive of ${remedy.from}`
    : `${sealName(finding)} of the archive of ${finding.region} from the facts of the ledger`;

const leftSentence = (finding: ChainFinding): string => {
  const { accountId, key, region, problem } = finding;
  const what = key === undefined ? `of the ${finding.store === 'seals' ? 'ledger' : 'archive'}` : `${accountId} ${key}`;
  return `${sealName(finding)} ${what} (${region}) has no copy that proves it: ${problem}`;
};

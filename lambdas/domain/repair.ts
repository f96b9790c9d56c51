// Owns what may be put back, and from where: only what a copy proves, and nothing where two proven copies contradict each other.
// Leaves to lambdas/shared/integrity the writing, which changes nothing but what was seen.
import { canonicalJson, sha256 } from './canonical.ts';
import type { FactRepaired } from './facts.ts';
import { fingerprint } from './fingerprint.ts';
import { commandId, jurisdictionOf } from './ids.ts';
import { type FactKey, parseFactKey, repairStream } from './keys.ts';
import {
  type AccountCopies,
  type Finding,
  factsOfView,
  isSame,
  type Replay,
  type SoundCopy,
  wrongRows,
} from './verify-account.ts';

export type Remedy =
  | {
      readonly kind: 'ledger-item';
      readonly key: FactKey;
      readonly copy: SoundCopy;
      readonly source: 'view' | 'archive';
      /** The Region of the view or archive. */
      readonly from: string;
    }
  | { readonly kind: 'view-row'; readonly region: string; readonly key: FactKey; readonly copy: SoundCopy }
  /** Rows that follow from the facts that the view holds. */
  | { readonly kind: 'derived-rows'; readonly region: string; readonly keys: readonly string[] };

/**
 * What to do next. The ledger comes first, then the views' copies, then what follows from them: each is judged by the one before,
 * so that a later look may find more to do.
 */
export const remediesFor = (copies: AccountCopies, findings: readonly Finding[], replay: Replay): readonly Remedy[] => {
  const impossible = new Set(findings.filter(({ kind }) => kind === 'impossible').map(({ key }) => streamOf(key)));
  // What nobody else knows of and what its own stream contradicts was never in the ledger.
  const damage = findings.filter(({ kind, key }) => !(kind === 'missing' && impossible.has(streamOf(key))));
  const items = damage.flatMap((finding) => ledgerRemedy(copies, finding));
  if (items.length > 0) return items;
  return copies.views.flatMap((view): readonly Remedy[] => {
    const own = findings.filter(({ store, region }) => store === 'view' && region === view.region);
    const rows = own.flatMap((finding) => rowRemedy(copies, finding));
    if (rows.length > 0) return rows;
    const facts = factsOfView(copies, view);
    const keys = facts === undefined ? [] : wrongRows(view.derived, replay(facts));
    return keys.length === 0 ? [] : [{ kind: 'derived-rows', region: view.region, keys }];
  });
};

const streamOf = (key: string): string | undefined => parseFactKey(key)?.stream;

/** Every sound copy must be the same: what two of them contradict each other about is for people to find out. */
const ledgerRemedy = ({ views, archives = [] }: AccountCopies, { store, kind, key }: Finding): readonly Remedy[] => {
  if (store !== 'ledger' || (kind !== 'missing' && kind !== 'corrupt')) return [];
  const sound = [
    ...views.map(({ region, rows }) => ({ source: 'view', from: region, copy: rows.get(key) }) as const),
    ...archives.map(({ region, items }) => ({ source: 'archive', from: region, copy: items.get(key) }) as const),
  ].flatMap(({ copy, ...where }) => (copy?.kind === 'sound' ? [{ ...where, copy }] : []));
  const [first] = sound;
  if (first === undefined || sound.some(({ copy }) => !isSame(copy, first.copy))) return [];
  return [{ kind: 'ledger-item', key: key as FactKey, ...first }];
};

const rowRemedy = ({ ledger }: AccountCopies, { kind, key, region }: Finding): readonly Remedy[] => {
  const copy = ledger.items.get(key);
  const isDamage = kind === 'missing' || kind === 'corrupt';
  return isDamage && copy?.kind === 'sound' ? [{ kind: 'view-row', region, key: key as FactKey, copy }] : [];
};

/**
 * The fact of a repair. It is named by what was put back and what was found, so that two Regions that repair the same damage, or
 * one that tries twice, make one fact; the same damage done again later is under the same name.
 * `found`: what stood there, attribute by attribute; undefined for nothing.
 */
export const repairFact = (
  { key, copy, from }: Extract<Remedy, { readonly kind: 'ledger-item' }>,
  { found, region, nowMs }: { readonly found: unknown; readonly region: string; readonly nowMs: number },
): FactRepaired => {
  const { fact, sum: repairedSum } = copy;
  const foundSum = found === undefined ? undefined : sha256(canonicalJson(found));
  const command = commandId({
    jurisdiction: jurisdictionOf(fact.accountId),
    accountId: fact.accountId,
    path: `repair/${key}`,
    idempotencyKey: `${repairedSum} ${foundSum ?? 'missing'}`,
  });
  return {
    schemaVersion: 1,
    accountId: fact.accountId,
    stream: repairStream(command),
    ordinal: 0,
    region,
    occurredAtMs: Math.max(nowMs, fact.occurredAtMs + 1),
    commandId: command,
    fingerprint: fingerprint({ repairedKey: key, repairedSum, foundSum }),
    currency: fact.currency,
    postings: [],
    type: 'FactRepaired',
    repairedKey: key,
    repairedSum,
    ...(foundSum !== undefined && { foundSum }),
    copiedFrom: from,
  };
};

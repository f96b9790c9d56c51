// Owns damage to what is stored: bytes that change, lines that disappear, sums that are off, each once and where a sound copy is left.
// Leaves to the product that it is found and mended, to audit/ that it was.
import type { StoredFact } from '../../lambdas/adapters/stored-fact.ts';
import type { SimulatedLedger } from '../stores/ledger.ts';
import type { RegionName } from '../world/network.ts';
import type { Region } from '../world/region.ts';

export interface DamageDeps {
  readonly ledger: SimulatedLedger;
  readonly regions: Readonly<Record<RegionName, Region>>;
}

type DamageKind = 'damaged-facts' | 'damaged-lines' | 'lost-lines' | 'damaged-sums';

/** Facts that something has happened to: no second copy of them is harmed. */
export type Harmed = Set<string>;

/** What was done, in words; undefined where there was nothing to harm. */
export const doDamage = (
  { ledger, regions }: DamageDeps,
  harmed: Harmed,
  { kind, region, pick }: { readonly kind: DamageKind; readonly region: RegionName; readonly pick: number },
): string | undefined => {
  const { views } = regions[region].stores;
  const items =
    kind === 'damaged-facts'
      ? ledger.facts.accounts
      : new Map([...views.accounts].map(([id, { facts }]) => [id, facts]));
  const candidates = [...items].flatMap(([account, facts]) =>
    [...facts.values()].flatMap((item) => (isSafeToHarm(regions, harmed, item) ? [{ account, item }] : [])),
  );
  const chosen = candidates[pick % Math.max(1, candidates.length)];
  if (chosen === undefined) return undefined;
  const { account, item } = chosen;
  harmed.add(nameOf(item));
  if (kind === 'damaged-sums') {
    const sums = views.accounts.get(account)?.sums.get('sum');
    sums?.set('paidMinor', (sums.get('paidMinor') ?? 0n) + BigInt(1 + (pick % 97)));
    return `a sum of ${account} in the view of ${region} is off`;
  }
  if (kind === 'lost-lines') {
    items.get(account)?.delete(item.sk);
    return `${item.sk} of ${account} is gone from the view of ${region}`;
  }
  const damaged = { ...item, body: flipped(item.body, pick) };
  (items.get(account) as Map<string, StoredFact>).set(item.sk, damaged);
  if (kind === 'damaged-lines') return `${item.sk} of ${account} is damaged in the view of ${region}`;
  // A disk says nothing; a hand that writes is seen by the stream.
  if (pick % 2 === 0) ledger.tellChanged(damaged);
  return `${item.sk} of ${account} is damaged in the ledger`;
};

const nameOf = ({ pk, sk }: StoredFact): string => `${pk}|${sk}`;

/** Both views have a sound line of it. */
const isSafeToHarm = (regions: DamageDeps['regions'], harmed: Harmed, item: StoredFact): boolean =>
  !harmed.has(nameOf(item)) &&
  Object.values(regions).every(
    ({ stores }) => stores.views.accounts.get(item.pk)?.facts.get(item.sk)?.body === item.body,
  );

const flipped = (text: string, pick: number): string => {
  const place = pick % text.length;
  return `${text.slice(0, place)}${String.fromCharCode(text.charCodeAt(place) ^ 1)}${text.slice(place + 1)}`;
};

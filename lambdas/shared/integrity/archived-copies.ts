// Owns how facts of one account are found in the archives: by the seals of its chain, which say in which object each fact is.
// Leaves to chain-links.ts the chain, also where the ledger has lost it, to domain/repair.ts what may be put back.
import { encodeFact } from '../../domain/codec.ts';
import type { AccountId } from '../../domain/ids.ts';
import { keyOf } from '../../domain/keys.ts';
import { type Seal, sealBucketOf } from '../../domain/seal.ts';
import type { AccountCopies, Copy } from '../../domain/verify-account.ts';
import { CorruptArchive } from '../../ports/archive.ts';
import { CorruptSeal } from '../../ports/seals.ts';
import { type ChainLink, type ChainSources, chainLinks, readArchived } from './chain-links.ts';

type Archives = NonNullable<AccountCopies['archives']>;

/** What each archive holds under `keys`, sound copies only. The account's whole chain is gone over. @throws LedgerUnavailable, ArchiveUnavailable */
export const archivedCopies = async (
  chains: ChainSources,
  accountId: AccountId,
  keys: ReadonlySet<string>,
): Promise<Archives> => {
  const found = chains.archives.map((source) => ({ source, region: source.region, items: new Map<string, Copy>() }));
  for await (const link of chainLinks(chains, sealBucketOf(accountId), 0)) {
    if (!mayHold(link, accountId, keys)) continue;
    for (const { source, items } of found) {
      const archived = link.archivedIn.includes(source) ? await readArchived(source, link) : undefined;
      if (archived === undefined || archived instanceof CorruptArchive) continue;
      for (const fact of archived.facts) {
        const key = keyOf(fact);
        if (fact.accountId === accountId && keys.has(key)) items.set(key, { kind: 'sound', fact, ...encodeFact(fact) });
      }
    }
  }
  return found.map(({ region, items }) => ({ region, items }));
};

/** A seal that the ledger has lost may hold anything. */
const mayHold = ({ sealed }: ChainLink, accountId: AccountId, keys: ReadonlySet<string>): boolean =>
  !isSeal(sealed) || sealed.members.some((member) => member.accountId === accountId && keys.has(member.key));

const isSeal = (sealed: ChainLink['sealed']): sealed is Seal =>
  sealed !== undefined && !(sealed instanceof CorruptSeal);

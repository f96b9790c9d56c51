// Owns what must hold of the chains of seals: every fact in one of them, marked as it came, verified and archived by both Regions.
// Leaves to views.ts the facts themselves.
import type { World } from '../world/world.ts';
import type { Report } from './invariants.ts';
import type { Committed } from './raw-fact.ts';

const WINDOW_MS = 60_000;

interface RawSeal {
  readonly previous: string;
  readonly windowEndMs: number;
  /** Account, key, checksum, lateness. */
  readonly members: readonly (readonly [string, string, string, boolean])[];
}

export const checkSeals = (committed: readonly Committed[], world: World, report: Report): void => {
  const { ledger } = world;
  // A line that was lost and put back is sealed once more, which does no harm (docs/decisions, D19).
  const maySealAgain = world.harmed.size > 0 || Object.values(world.regions).some(({ stream }) => stream.hasGivenUp);
  const facts = new Map(committed.map((one) => [`${one.fact.accountId} ${one.key}`, one]));
  const sealed = new Set<string>();
  for (const [bucket, chain] of ledger.seals.chains) {
    let previous = '';
    for (let ordinal = 1; ordinal <= chain.size; ordinal++) {
      const name = `seal ${ordinal} of chain ${bucket}`;
      const stored = chain.get(ordinal);
      const seal: RawSeal = JSON.parse(stored?.body ?? '{"members":[]}');
      if (stored === undefined || seal.previous !== previous)
        report('every fact is sealed', `${name} does not follow the one before it`);
      previous = stored?.hash ?? '';
      for (const [account, key, sum, isLate] of seal.members) {
        const fact = facts.get(`${account} ${key}`);
        if (fact?.sum !== sum)
          report('every fact is sealed', `${name} holds ${key} of ${account}, which the ledger does not`);
        if (sealed.has(`${account} ${key}`) && !maySealAgain)
          report('every fact is sealed', `${key} of ${account} is sealed again in ${name}`);
        sealed.add(`${account} ${key}`);
        const wasLate = fact !== undefined && fact.fact.occurredAtMs < seal.windowEndMs - WINDOW_MS;
        if (isLate !== wasLate) report('late is marked', `${name} says late ${isLate} of ${key} of ${account}`);
      }
    }
  }
  for (const name of facts.keys()) if (!sealed.has(name)) report('every fact is sealed', `${name} is in no seal`);
};

export const checkVerified = async ({ ledger, regions }: World, report: Report): Promise<void> => {
  const chains = [...ledger.seals.chains];
  const seals = chains.reduce((sum, [, chain]) => sum + chain.size, 0);
  for (const { name, stores } of Object.values(regions)) {
    const heads = await stores.sealWork.heads();
    for (const [bucket, chain] of chains) {
      const verified = heads.get(bucket)?.ordinal ?? 0;
      if (verified !== chain.size)
        report('every fact is sealed', `${name} has verified ${verified} of ${chain.size} in chain ${bucket}`);
    }
    const { size } = stores.archive.objects;
    if (size !== seals) report('archives hold every seal', `the archive of ${name} holds ${size} of ${seals} seals`);
  }
};

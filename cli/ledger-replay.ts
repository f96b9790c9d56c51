// Owns the copying of a whole ledger into a new table: from the archives and what only views hold yet, or from the ledger itself.
// Leaves to shared/integrity/ledger-contents.ts the comparison afterwards, to commands/replay-ledger.ts the command line.
import { encodeFact } from '../lambdas/domain/codec.ts';
import type { Fact } from '../lambdas/domain/facts.ts';
import { keyOf } from '../lambdas/domain/keys.ts';
import { encodeSeal, SEAL_BUCKETS, type Seal } from '../lambdas/domain/seal.ts';
import type { EventLog } from '../lambdas/ports/event-log.ts';
import { CorruptSeal, type SealLog, type VerifiedHead } from '../lambdas/ports/seals.ts';
import { lineName } from '../lambdas/ports/view-lines.ts';
import { chainLinks } from '../lambdas/shared/integrity/chain-links.ts';
import { archivedChain, factsOfView } from '../lambdas/shared/integrity/ledger-contents.ts';
import { Refused } from './failures.ts';
import type { IntegritySources } from './integrity-sources.ts';
import type { ReplayPlace } from './replay-checkpoint.ts';

export interface ReplayOptions {
  readonly from: IntegritySources;
  readonly to: IntegritySources;
  readonly place: ReplayPlace;
  /** A place to go on from. */
  readonly keep: (place: ReplayPlace) => void;
  /** Told of what cannot be copied. */
  readonly tell: (problem: string) => void;
}

const PAGE = 250;
/** A strong put takes some 70 ms: so many at once are about 200 facts a second. */
const PUTS_AT_ONCE = 16;

/** Resolves with the last place. @throws Refused when the table holds something else; whatever the ports throw */
export const replayFromArchive = async (options: ReplayOptions): Promise<ReplayPlace> => {
  let place = options.place;
  const keep = (next: ReplayPlace): void => {
    place = next;
    options.keep(place);
  };
  for (let { bucket, ordinal } = place; bucket < SEAL_BUCKETS; bucket++, ordinal = 0) {
    for await (const link of archivedChain(options.from.chains.archives, bucket, ordinal)) {
      const at = { ...place, bucket, ordinal: link.ordinal };
      if (link.archived === undefined) {
        options.tell(`seal ${link.ordinal} of bucket ${bucket}: ${link.problem}`);
        keep(at);
        continue;
      }
      const { facts, seal } = link.archived;
      await putFacts(options.to.ledger, facts);
      await putSeal(options.to.chains.seals, seal);
      keep({ ...at, seals: place.seals + 1, facts: place.facts + facts.length });
    }
    keep({ ...place, bucket: bucket + 1, ordinal: 0 });
  }
  for (const { rows } of options.from.sources.views) {
    for await (const facts of factsOfView(rows)) {
      const young = await putYoung(options, facts);
      keep({ ...place, young: place.young + young });
    }
  }
  return place;
};

/** Facts that no archive holds: for the Regions they are not sealed yet, which comes first, lest a stop in between hide it. */
const putYoung = async ({ from, to }: ReplayOptions, facts: readonly Fact[]): Promise<number> => {
  const there = await to.items.lines(facts.map((fact) => ({ accountId: fact.accountId, key: keyOf(fact) })));
  const young = facts.filter((fact) => !there.has(lineName({ accountId: fact.accountId, key: keyOf(fact) })));
  const unsealed = young.map((fact) => ({
    accountId: fact.accountId,
    key: keyOf(fact),
    occurredAtMs: fact.occurredAtMs,
    sum: encodeFact(fact).sum,
  }));
  for (const { work } of from.work) await work.addUnsealed(unsealed);
  await putFacts(to.ledger, facts);
  return young.length;
};

/** As `replayFromArchive`; damaged items are told of and left out. */
export const replayFromLedger = async (options: ReplayOptions): Promise<ReplayPlace> => {
  let place = options.place;
  const keep = (next: ReplayPlace): void => {
    place = next;
    options.keep(place);
  };
  while (place.scanned !== true) {
    const { cursor, ...rest } = place;
    const page = await options.from.ledger.scan({
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
      onCorrupt: (error) => options.tell(error.message),
    });
    await putFacts(options.to.ledger, page.facts);
    const facts = rest.facts + page.facts.length;
    keep(page.cursor === undefined ? { ...rest, facts, scanned: true } : { ...rest, facts, cursor: page.cursor });
  }
  for (let { bucket, ordinal } = place; bucket < SEAL_BUCKETS; bucket++, ordinal = 0) {
    for await (const { sealed, ordinal: at } of chainLinks({ ...options.from.chains, archives: [] }, bucket, ordinal)) {
      if (sealed instanceof CorruptSeal) options.tell(sealed.message);
      else if (sealed !== undefined) await putSeal(options.to.chains.seals, sealed);
      keep({ ...place, bucket, ordinal: at, seals: place.seals + 1 });
    }
    keep({ ...place, bucket: bucket + 1, ordinal: 0 });
  }
  return place;
};

/**
 * Sets what the Regions have verified back to where the chains of the rebuilt ledger end: seals that were lost before they were
 * archived are made anew, of the facts that `putYoung` has put on the list again. How many heads were set. @throws LedgerUnavailable
 */
export const resetHeads = async ({ from, to }: Pick<ReplayOptions, 'from' | 'to'>): Promise<number> => {
  let changed = 0;
  const heads = await Promise.all(from.work.map(async ({ work }) => ({ work, heads: await work.heads() })));
  for (let bucket = 0; bucket < SEAL_BUCKETS; bucket++) {
    const end = await endOf(to.chains.seals, bucket);
    for (const one of heads) {
      const head = one.heads.get(bucket);
      // A Region that is behind verifies on from where it is.
      if (head === undefined || (await isOfChain(to.chains.seals, bucket, head))) continue;
      await one.work.reset(bucket, end);
      changed += 1;
    }
  }
  return changed;
};

const endOf = async (seals: SealLog, bucket: number): Promise<VerifiedHead | undefined> => {
  let end: VerifiedHead | undefined;
  for await (const { sealed, ordinal } of chainLinks({ seals, archives: [] }, bucket, 0))
    if (sealed !== undefined && !(sealed instanceof CorruptSeal))
      end = { ordinal, hash: encodeSeal(sealed).hash, windowEndMs: sealed.windowEndMs };
  return end;
};

const isOfChain = async (seals: SealLog, bucket: number, head: VerifiedHead): Promise<boolean> => {
  const seal = await seals.read(bucket, head.ordinal);
  return seal !== undefined && encodeSeal(seal).hash === head.hash;
};

const putFacts = async (ledger: Pick<EventLog, 'append'>, facts: readonly Fact[]): Promise<void> => {
  const left = facts.values();
  const putNext = async (): Promise<void> => {
    for (const fact of left) {
      const result = await ledger.append(fact);
      if (result.kind === 'occupied' && encodeFact(result.fact).sum !== encodeFact(fact).sum)
        throw contradiction(`fact ${keyOf(fact)} of account ${fact.accountId}`);
    }
  };
  await Promise.all(Array.from({ length: PUTS_AT_ONCE }, putNext));
};

const putSeal = async (seals: SealLog, seal: Seal): Promise<void> => {
  if ((await seals.append(seal)) === 'appended') return;
  const there = await seals.read(seal.bucket, seal.ordinal);
  if (there === undefined || encodeSeal(there).hash !== encodeSeal(seal).hash)
    throw contradiction(`seal ${seal.ordinal} of bucket ${seal.bucket}`);
};

const contradiction = (what: string): Refused =>
  new Refused(
    `the table holds another ${what} than its copies: two of them contradict each other, see docs/total-loss.md`,
  );

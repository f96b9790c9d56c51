// Owns the comparison, a part of a day at a time: the processor's report against the ledger, the ledger against the report, and
// what stays open. Each part holds the references of an hour at most.
// Leaves to domain/reconcile.ts what differs, to create-reconcile-handler.ts which parts are due.
import type { Difference } from '../domain/difference.ts';
import type { Fact } from '../domain/facts.ts';
import type { AccountId } from '../domain/ids.ts';
import { parseFactKey, paymentStream } from '../domain/keys.ts';
import {
  bearsOut,
  type Claim,
  claimOf,
  differenceOfClaim,
  differenceOfEntry,
  hasMoved,
  paymentOf,
  type ReportEntry,
  stillOpen,
} from '../domain/reconcile.ts';
import { type DayIndex, type FactPlace, OUTCOME_SHARDS } from '../ports/day-index.ts';
import { OPEN_WORK_SHARDS, type OpenStream, type OpenWorkIndex } from '../ports/open-work.ts';
import type { Processor } from '../ports/processor.ts';
import { AT_ONCE, RUNS } from '../shared/policies.ts';
import { accountOf, type RecordDeps, recordDifference, unassigned } from './record-difference.ts';

export interface CompareDeps extends RecordDeps {
  readonly processor: Pick<Processor, 'report'>;
  readonly days: Pick<DayIndex, 'outcomes'>;
  readonly openWork: OpenWorkIndex;
}

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** The hours of the day, then the shards of open work. */
export const PARTS = HOURS + OPEN_WORK_SHARDS;

/** How far the clocks of processor and ledger may be apart; the ledger itself refuses facts that are off by 2 s. */
const CLOCKS_APART_MS = 60_000;

const { pageEntries, maxPages } = RUNS.reconciliation;

/** How many differences are new. `dayMs`: where the UTC day begins. @throws ProcessorUnavailable, LedgerUnavailable, ViewUnavailable */
export const comparePart = async (deps: CompareDeps, dayMs: number, part: number): Promise<number> => {
  if (part >= HOURS) return compareOpen(deps, part - HOURS, dayMs);
  const hour = { fromMs: dayMs + part * HOUR_MS, toMs: dayMs + (part + 1) * HOUR_MS };
  const reported = new Set<string>();
  return (await compareReport(deps, hour, reported)) + (await compareOutcomes(deps, hour, reported));
};

interface Hour {
  readonly fromMs: number;
  readonly toMs: number;
}

/** From the report to the ledger; `reported` gets what money has moved under. */
const compareReport = async (deps: CompareDeps, { fromMs, toMs }: Hour, reported: Set<string>): Promise<number> => {
  let found = 0;
  for await (const entries of pagesOf((cursor) => deps.processor.report(fromMs, toMs, cursor), 'entries')) {
    const moved = entries.filter(hasMoved).map((entry) => {
      const isRepeated = reported.has(nameOf(entry));
      reported.add(nameOf(entry));
      return { entry, isRepeated };
    });
    found += await inParallel(moved, ({ entry, isRepeated }) => compareEntry(deps, entry, isRepeated));
  }
  return found;
};

const compareEntry = async (deps: CompareDeps, entry: ReportEntry, isRepeated: boolean): Promise<number> => {
  const account = accountOf(entry.accountId, deps.jurisdiction);
  const payment = paymentOf(entry);
  const facts =
    account === undefined || payment === undefined ? [] : await deps.ledger.readStream(account, paymentStream(payment));
  const difference = differenceOfEntry(entry, facts, isRepeated);
  return difference === undefined ? 0 : record(deps, difference, facts, entry);
};

/** From the ledger to the report: what the hour's outcomes claim, and nobody has reported in that hour, is asked for by itself. */
const compareOutcomes = async (deps: CompareDeps, hour: Hour, reported: ReadonlySet<string>): Promise<number> =>
  inParallel([...Array(OUTCOME_SHARDS).keys()], async (shard) => {
    let found = 0;
    const outcomes = (cursor?: string) =>
      deps.days.outcomes(shard, { ...hour, limit: pageEntries, ...(cursor && { cursor }) });
    for await (const places of pagesOf(outcomes, 'places')) {
      for (const place of places) found += await compareOutcome(deps, place, reported);
    }
    return found;
  });

const compareOutcome = async (deps: CompareDeps, place: FactPlace, reported: ReadonlySet<string>): Promise<number> => {
  const { stream, ordinal } = parseFactKey(place.key) ?? {};
  if (stream === undefined) throw new Error(`${place.key} in the view is no key of a fact`);
  const facts = await deps.ledger.readStream(place.accountId, stream);
  const outcome = facts.find((fact) => fact.ordinal === ordinal);
  if (outcome?.type !== 'PaymentSettled' && outcome?.type !== 'RefundSettled') return 0;
  const claim = claimOf(outcome, facts);
  if (claim === undefined || reported.has(nameOf(claim)) || (await isReported(deps, claim))) return 0;
  return record(deps, differenceOfClaim(outcome, claim), facts);
};

/** An outcome is recorded after it has happened, at times in another hour or on another day. */
const isReported = async ({ processor }: CompareDeps, claim: Claim): Promise<boolean> => {
  const fromMs = claim.startedMs - CLOCKS_APART_MS;
  const toMs = claim.settledMs + CLOCKS_APART_MS;
  for await (const entries of pagesOf((cursor) => processor.report(fromMs, toMs, cursor), 'entries')) {
    if (entries.some((entry) => bearsOut(entry, claim))) return true;
  }
  return false;
};

/** Open work of one shard that was started before the day began, and so is more than a day old at its end. */
const compareOpen = async (deps: CompareDeps, shard: number, dayMs: number): Promise<number> => {
  let found = 0;
  const open = (cursor?: string) => deps.openWork.open(shard, { limit: pageEntries, ...(cursor && { cursor }) });
  for await (const streams of pagesOf(open, 'streams')) {
    found += await inParallel(streams, async ({ accountId, stream }: OpenStream) => {
      const facts = await deps.ledger.readStream(accountId, stream);
      const difference = stillOpen(facts, dayMs);
      return difference === undefined ? 0 : record(deps, difference, facts);
    });
  }
  return found;
};

const record = async (
  deps: CompareDeps,
  difference: Difference,
  [opening]: readonly Fact[],
  entry?: ReportEntry,
): Promise<number> => {
  const currency = opening?.currency ?? entry?.currency;
  if (currency === undefined) throw new Error(`${difference.kind} ${difference.reference} is of no currency`);
  const account: AccountId = opening?.accountId ?? unassigned(deps.jurisdiction);
  return (await recordDifference(deps, difference, { accountId: account, currency })) ? 1 : 0;
};

const nameOf = ({ kind, reference }: Pick<Claim, 'kind' | 'reference'>): string => `${kind} ${reference}`;

/** @throws Error after `maxPages`: more than one part can hold */
async function* pagesOf<Name extends string, T>(
  page: (cursor?: string) => Promise<{ readonly [N in Name]: readonly T[] } & { readonly cursor?: string }>,
  name: Name,
): AsyncGenerator<readonly T[]> {
  let cursor: string | undefined;
  for (let pages = 0; pages < maxPages; pages++) {
    const answer = await page(cursor);
    yield answer[name];
    ({ cursor } = answer);
    if (cursor === undefined) return;
  }
  throw new Error(`more than ${maxPages} pages of ${name} in one part of a day`);
}

const inParallel = async <T>(items: readonly T[], work: (item: T) => Promise<number>): Promise<number> => {
  const left = items.values();
  let sum = 0;
  const next = async (): Promise<void> => {
    for (const item of left) {
      const found = await work(item);
      sum += found;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE.streamsRead }, next));
  return sum;
};

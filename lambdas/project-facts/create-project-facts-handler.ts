// Owns the one function on a Region's stream of the ledger: facts into the view and onto the queues, heartbeats into the watermarks.
// Leaves to the view store that a fact counts once, to dispatch.ts which queue, and to Lambda that what failed comes again.
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Fact } from '../domain/facts.ts';
import type { Clock } from '../ports/clock.ts';
import type { RegionState } from '../ports/region-state.ts';
import type { Rehydrations } from '../ports/rehydration.ts';
import type { Suspects } from '../ports/scrubbing.ts';
import type { ViewStore } from '../ports/view-store.ts';
import { METRICS } from '../shared/metric-names.ts';
import { AT_ONCE } from '../shared/policies.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';
import { type DispatchQueues, dispatchFacts } from './dispatch.ts';
import { readRecord, type StreamRecord } from './read-record.ts';
import { type GapWatch, watchForGaps } from './stream-gap.ts';
import { judgeUnfit } from './unfit-records.ts';

export interface ProjectFactsDeps {
  readonly region: string;
  readonly views: Pick<ViewStore, 'apply' | 'fact'>;
  readonly suspects: Suspects;
  readonly queues: DispatchQueues;
  readonly regionState: Pick<RegionState, 'advanceWatermark' | 'watermarks'>;
  readonly rehydrations: Pick<Rehydrations, 'begin' | 'read'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

export type ProjectFactsHandler = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

/** A record of the batch: `index` is its place, by which Lambda's checkpoint goes. */
interface Placed {
  readonly index: number;
  readonly record: DynamoDBRecord;
  readonly read: StreamRecord;
}

/**
 * Facts are free of order, so every one of the batch is tried, and then the first that failed is handed back: Lambda goes on
 * from there, and what is applied twice counts once. A watermark never passes a failure: it says that all before it is here.
 */
export const createProjectFactsHandler = (deps: ProjectFactsDeps): ProjectFactsHandler => {
  const watchGaps = watchForGaps(deps);
  return async (event) => {
    const records = event.Records.map((record, index) => ({ index, record, read: readRecord(record) }));
    // Neither waits for the other, and neither's failure keeps the other from any fact of the batch.
    const [notApplied, notDispatched, notJudged] = await Promise.all([
      applyFacts(deps, records),
      dispatch(deps, records),
      judgeUnfit(deps, records),
    ]);
    const notInView = [...notJudged, ...notApplied];
    const notMarked = await advanceWatermarks(
      deps,
      watchGaps,
      records.slice(0, Math.min(records.length, ...notInView)),
    );
    const failed = [...new Set([...notInView, ...notMarked, ...notDispatched])];
    const first = records[Math.min(...failed)];
    if (first !== undefined) deps.telemetry.count(METRICS.projectionFailures, failed.length);
    deps.telemetry.flush();
    return {
      batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first.record.dynamodb?.SequenceNumber ?? '' }],
    };
  };
};

/** The places of the facts that could not be applied. */
const applyFacts = async (deps: ProjectFactsDeps, records: readonly Placed[]): Promise<readonly number[]> => {
  const byAccount = new Map<string, { readonly facts: Fact[]; readonly places: number[] }>();
  for (const { index, read } of records) {
    if (read.kind !== 'fact') continue;
    const group = byAccount.get(read.fact.accountId) ?? { facts: [], places: [] };
    group.facts.push(read.fact);
    group.places.push(index);
    byAccount.set(read.fact.accountId, group);
  }
  const failed: number[] = [];
  await inParallel(AT_ONCE.projected, [...byAccount], async ([accountId, { facts, places }]) => {
    try {
      await deps.views.apply(facts);
      deps.telemetry.count(METRICS.factsProjected, facts.length);
    } catch (error) {
      failed.push(...places);
      deps.telemetry.warn('facts not applied to the view', { accountId, count: facts.length, ...errorFields(error) });
    }
  });
  return failed;
};

/** The places of the facts that some queue did not take. */
const dispatch = async (
  { queues, region, clock, telemetry }: ProjectFactsDeps,
  records: readonly Placed[],
): Promise<readonly number[]> => {
  const placed = records.flatMap(({ index, read }) => (read.kind === 'fact' ? [{ index, fact: read.fact }] : []));
  const failed = await dispatchFacts(
    placed.map(({ fact }) => fact),
    queues,
    { region, nowMs: clock.nowMs() },
  );
  if (failed.length > 0) telemetry.count(METRICS.dispatchFailures, failed.length);
  return failed.flatMap((place) => placed[place]?.index ?? []);
};

/** Advances to the newest beat of each key among `records`, of which none has failed; the places of those that could not be recorded. */
const advanceWatermarks = async (
  deps: ProjectFactsDeps,
  watchGaps: GapWatch,
  records: readonly Placed[],
): Promise<readonly number[]> => {
  const newest = new Map<string, { readonly region: string; readonly key: number; atMs: number; place: number }>();
  for (const { index, read } of records) {
    if (read.kind !== 'heartbeat') continue;
    const id = `${read.region}#${read.index}`;
    const beat = newest.get(id) ?? { region: read.region, key: read.index, atMs: 0, place: index };
    newest.set(id, { ...beat, atMs: Math.max(beat.atMs, read.atMs) });
  }
  measureLag(deps, [...newest.values()]);
  const own = [...newest.values()].filter(({ region }) => region === deps.region);
  try {
    await watchGaps(own);
  } catch (error) {
    deps.telemetry.warn('watermarks not compared', { region: deps.region, ...errorFields(error) });
    return own.map(({ place }) => place);
  }
  const failed: number[] = [];
  await inParallel(AT_ONCE.projected, [...newest.values()], async ({ region, key, atMs, place }) => {
    try {
      await deps.regionState.advanceWatermark(region, key, atMs);
    } catch (error) {
      failed.push(place);
      deps.telemetry.warn('watermark not recorded', { region, ...errorFields(error) });
    }
  });
  return failed;
};

const measureLag = (
  { region, clock, telemetry }: ProjectFactsDeps,
  beats: readonly { readonly region: string; readonly atMs: number }[],
): void => {
  const nowMs = clock.nowMs();
  const own = beats.filter((beat) => beat.region === region).map(({ atMs }) => nowMs - atMs);
  const peers = beats.filter((beat) => beat.region !== region).map(({ atMs }) => nowMs - atMs);
  if (own.length > 0) telemetry.milliseconds(METRICS.projectionLagMs, Math.max(0, ...own));
  if (peers.length > 0) telemetry.milliseconds(METRICS.replicationLagMs, Math.max(0, ...peers));
};

const inParallel = async <T>(width: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
};

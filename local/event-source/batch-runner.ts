// Owns what happens to a batch until every record in it is done or given up: retries, bisection, partial answers, age.
// Leaves to stream-poller.ts where batches come from and how progress is kept.
// Source: Lambda developer guide, "Using AWS Lambda with Amazon DynamoDB" and its pages on partial batch responses and errors.
import type { StreamSourcePlan } from '../assembly/plan.ts';
import type { InvocationResult } from '../lambda/invocation.ts';
import type { DiscardedBatch } from './failure-record.ts';
import { createdAtMs, type StreamRecord, sequenceNumberOf, streamEvent } from './records.ts';

export interface BatchRunnerOptions {
  readonly plan: StreamSourcePlan;
  readonly invoke: (event: string) => Promise<InvocationResult>;
  /** Everything up to this record is done, or discarded: it must not come again. */
  readonly onProgress: (sequenceNumber: string) => void;
  readonly onDiscard: (batch: DiscardedBatch) => void;
  /** Age of the last record of what is handed over next, milliseconds. */
  readonly onIteratorAge?: (ageMs: number) => void;
  readonly nowMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** True once the source is being stopped: the rest is left for the next start. */
  readonly stopped: () => boolean;
}

/** Records that are handed over together, with what they have been through. */
interface Unit {
  readonly records: readonly StreamRecord[];
  readonly retries: number;
  readonly invokeCount: number;
}

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

/** Resolves when every record is done or discarded, in order, or the source was stopped. */
export async function runBatch(records: readonly StreamRecord[], options: BatchRunnerOptions): Promise<void> {
  const pending: Unit[] = [{ records, retries: 0, invokeCount: 0 }];
  let refusals = 0;
  while (pending.length > 0 && !options.stopped()) {
    const unit = discardAged(pending.shift() as Unit, options);
    if (unit === undefined) continue;
    options.onIteratorAge?.(options.nowMs() - createdAtMs(unit.records.at(-1) as StreamRecord));
    const result = await options.invoke(streamEvent(unit.records, options.plan.streamArn));
    if (options.stopped() && result.kind !== 'returned') return;
    if (result.kind === 'throttled') {
      // Nothing was tried, so nothing is counted; the records' age is the bound.
      pending.unshift(unit);
      await options.pause(pauseMs(refusals++));
      continue;
    }
    refusals = 0;
    const tried = { ...unit, invokeCount: unit.invokeCount + 1 };
    const failedAt = firstFailure(tried.records, result, options.plan.reportBatchItemFailures);
    if (failedAt > 0) options.onProgress(sequenceNumberOf(tried.records[failedAt - 1] as StreamRecord));
    if (failedAt === tried.records.length) continue;
    const rest = { ...tried, records: tried.records.slice(failedAt) };
    const next = afterFailure(rest, failedAt > 0, result, options);
    pending.unshift(...next);
    if (next.length > 0) await options.pause(pauseMs(next[0]?.retries ?? 0));
  }
}

/** The index of the first record to try again: 0 for all of them, the number of records for none. */
function firstFailure(records: readonly StreamRecord[], result: InvocationResult, reportsItems: boolean): number {
  if (result.kind !== 'returned') return 0;
  if (!reportsItems) return records.length;
  const answer = JSON.parse(result.payload) as { readonly batchItemFailures?: unknown } | null;
  const failures = answer?.batchItemFailures;
  if (failures === undefined || failures === null) return records.length;
  if (!Array.isArray(failures)) return 0;
  if (failures.length === 0) return records.length;
  const sequence = records.map(sequenceNumberOf);
  // An identifier that is no record of the batch means that the whole batch failed; else the lowest one counts.
  const indexes = failures.map((failure: { readonly itemIdentifier?: unknown } | null) =>
    sequence.indexOf(String(failure?.itemIdentifier)),
  );
  return Math.max(0, Math.min(...indexes));
}

/** What is tried next of records that failed: split in two, or again, or nothing when they are given up. */
function afterFailure(
  rest: Unit,
  someSucceeded: boolean,
  result: InvocationResult,
  options: BatchRunnerOptions,
): readonly Unit[] {
  const { plan } = options;
  // Splitting does not count as a retry, and neither does an answer that got further than before: both are bounded.
  if (someSucceeded) return [rest];
  if (plan.bisectOnError && rest.records.length > 1) {
    const middle = Math.ceil(rest.records.length / 2);
    return [
      { ...rest, records: rest.records.slice(0, middle) },
      { ...rest, records: rest.records.slice(middle) },
    ];
  }
  if (plan.maximumRetryAttempts >= 0 && rest.retries >= plan.maximumRetryAttempts) {
    options.onDiscard({
      records: rest.records,
      condition: 'RetryAttemptsExhausted',
      invokeCount: rest.invokeCount,
      lastResult: result,
    });
    options.onProgress(sequenceNumberOf(rest.records.at(-1) as StreamRecord));
    return [];
  }
  return [{ ...rest, retries: rest.retries + 1 }];
}

/** Drops leading records that are older than the source allows; undefined when none is left. */
function discardAged(unit: Unit, options: BatchRunnerOptions): Unit | undefined {
  const { maximumRecordAgeSeconds } = options.plan;
  if (maximumRecordAgeSeconds < 0) return unit;
  const oldestMs = options.nowMs() - maximumRecordAgeSeconds * 1000;
  const firstFresh = unit.records.findIndex((record) => createdAtMs(record) >= oldestMs);
  if (firstFresh === 0) return unit;
  const aged = firstFresh < 0 ? unit.records : unit.records.slice(0, firstFresh);
  options.onDiscard({ records: aged, condition: 'RecordAgeExceeded', invokeCount: unit.invokeCount });
  options.onProgress(sequenceNumberOf(aged.at(-1) as StreamRecord));
  return firstFresh < 0 ? undefined : { ...unit, records: unit.records.slice(firstFresh) };
}

const pauseMs = (attempt: number): number => Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);

// Owns what a fault that was ordered does to a batch of a stream: held, given up, shuffled, handed over twice.
// Leaves to batch-runner.ts the batch that nothing is wrong with, to delivery-faults.ts which batch is hit.
import type { DeliveryFaults, Hit } from '../delivery-faults.ts';
import { type BatchRunnerOptions, runBatch } from './batch-runner.ts';
import { type StreamRecord, sequenceNumberOf } from './records.ts';

export interface DeliverBatchOptions extends BatchRunnerOptions {
  readonly faults?: DeliveryFaults;
}

const HOLD_POLL_MS = 50;

/** Resolves as `runBatch` does. The shard goes on behind a batch that was hit only once all of it is done or given up. */
export const deliverBatch = async (records: readonly StreamRecord[], options: DeliverBatchOptions): Promise<void> => {
  const { faults } = options;
  const last = records.at(-1);
  if (faults === undefined || last === undefined) return runBatch(records, options);
  const sortKeys = records.map((record) => record.dynamodb?.Keys?.sk?.S ?? '');
  const delay = faults.take('delay', sortKeys);
  if (delay !== undefined) await hold(delay, options);
  if (options.stopped()) return;
  if (faults.take('lose-to-dlq', sortKeys) !== undefined) {
    options.onDiscard({ records, condition: 'RetryAttemptsExhausted', invokeCount: 0 });
    options.onProgress(sequenceNumberOf(last));
    return;
  }
  const isReordered = faults.take('reorder', sortKeys) !== undefined;
  const isDuplicate = faults.take('duplicate', sortKeys) !== undefined;
  if (!isReordered && !isDuplicate) return runBatch(records, options);
  // A place in the shard says nothing of what is done while records are out of turn, or come again.
  const unplaced = { ...options, onProgress: () => undefined };
  const ordered = isReordered ? reordered(records, faults.random) : records;
  for (let time = 0; time < (isDuplicate ? 2 : 1); time++) await runBatch(ordered, unplaced);
  if (!options.stopped()) options.onProgress(sequenceNumberOf(last));
};

const hold = async (
  { delaySeconds, takenBack }: Hit,
  { nowMs, pause, stopped }: DeliverBatchOptions,
): Promise<void> => {
  const untilMs = nowMs() + delaySeconds * 1000;
  while (nowMs() < untilMs && !takenBack.aborted && !stopped()) await pause(HOLD_POLL_MS);
};

/** As another replica's stream may have it: in any order, but each item's records in theirs. */
const reordered = (records: readonly StreamRecord[], random: () => number): readonly StreamRecord[] => {
  const itemOf = ({ dynamodb }: StreamRecord): string => JSON.stringify(dynamodb?.Keys);
  const byItem = new Map<string, StreamRecord[]>();
  for (const record of records) byItem.set(itemOf(record), [...(byItem.get(itemOf(record)) ?? []), record]);
  const drawn = records.map((record) => ({ item: itemOf(record), at: random() })).sort((a, b) => a.at - b.at);
  return drawn.flatMap(({ item }) => byItem.get(item)?.shift() ?? []);
};

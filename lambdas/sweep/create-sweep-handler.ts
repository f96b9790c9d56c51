// Owns the sweep: payments that the view holds open for too long are handed to their worker again, so nothing depends on one delivery.
// Leaves to domain/settlement.ts what is open, and to the worker to find out that it no longer is.
import type { Fact } from '../domain/facts.ts';
import { nextStep } from '../domain/settlement.ts';
import type { Clock } from '../ports/clock.ts';
import { OPEN_WORK_SHARDS, type OpenStream, type OpenWorkIndex } from '../ports/open-work.ts';
import type { Queue } from '../ports/queue.ts';
import type { ViewStore } from '../ports/view-store.ts';
import { encodeSettlement } from '../shared/messages.ts';
import { METRICS } from '../shared/metric-names.ts';
import { AT_ONCE, RUNS } from '../shared/policies.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';

export interface SweepDeps {
  readonly openWork: OpenWorkIndex;
  readonly views: Pick<ViewStore, 'stream'>;
  readonly settlements: Queue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

export interface SweepResult {
  /** Rows of open work that were looked at. */
  readonly looked: number;
  readonly enqueued: number;
}

const { olderThanMs, pageRows, maxRows } = RUNS.sweep;

/**
 * Shards come in an order that changes with the time, so that a bound on one sweep starves none of them.
 * @throws Error when some shard could not be swept: the others were, and the alarm on the function's errors tells somebody
 */
export const createSweepHandler = (deps: SweepDeps) => async (): Promise<SweepResult> => {
  const nowMs = deps.clock.nowMs();
  const first = Math.floor(nowMs / 60_000) % OPEN_WORK_SHARDS;
  let looked = 0;
  let enqueued = 0;
  let failed = 0;
  for (let step = 0; step < OPEN_WORK_SHARDS && looked < maxRows; step++) {
    const shard = (first + step) % OPEN_WORK_SHARDS;
    try {
      for await (const streams of pagesOf(deps.openWork, shard)) {
        const old = await oldOnes(deps, streams, nowMs);
        const sent = await deps.settlements.send(
          old.map((stream) => ({ body: encodeSettlement({ ...stream, isSwept: true }) })),
        );
        looked += streams.length;
        enqueued += old.length - sent.failed.length;
        failed += sent.failed.length;
        if (looked >= maxRows) break;
      }
    } catch (error) {
      failed++;
      deps.telemetry.warn('shard not swept', { count: shard, ...errorFields(error) });
    }
  }
  if (enqueued > 0) deps.telemetry.count(METRICS.workSwept, enqueued);
  deps.telemetry.info('swept', { count: enqueued });
  deps.telemetry.flush();
  if (failed > 0) throw new Error(`${failed} shard(s) or message(s) failed, ${enqueued} payment(s) were enqueued`);
  return { looked, enqueued };
};

async function* pagesOf(openWork: OpenWorkIndex, shard: number): AsyncGenerator<readonly OpenStream[]> {
  let next: { cursor?: string } = {};
  for (;;) {
    const { streams, cursor } = await openWork.open(shard, { limit: pageRows, ...next });
    if (streams.length > 0) yield streams;
    if (cursor === undefined) return;
    next = { cursor };
  }
}

/** Those whose newest fact is old and that have something left to do. */
const oldOnes = async (
  { views }: SweepDeps,
  streams: readonly OpenStream[],
  nowMs: number,
): Promise<readonly OpenStream[]> => {
  const old: OpenStream[] = [];
  const left = streams.values();
  const readNext = async (): Promise<void> => {
    for (const stream of left) {
      const facts = await views.stream(stream.accountId, stream.stream);
      if (isOld(facts, nowMs) && nextStep(facts) !== undefined) old.push(stream);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE.streamsRead }, readNext));
  return old;
};

const isOld = (facts: readonly Fact[], nowMs: number): boolean =>
  facts.every(({ occurredAtMs }) => occurredAtMs <= nowMs - olderThanMs);

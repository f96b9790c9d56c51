// Owns the heartbeat items of the ledger table: a put and a strong read back, which is what a Region must be able to do.
// Leaves to /health which keys beat when and what follows from a failure.
import type { Clock } from '../../ports/clock.ts';
import { LedgerUnavailable } from '../../ports/event-log.ts';
import type { HeartbeatResult, Heartbeats } from '../../ports/heartbeats.ts';
import { HEARTBEAT_DEADLINE_MS } from '../../shared/policies.ts';
import type { Attempts } from './attempts.ts';
import type { Dynamo, DynamoCall } from './client.ts';
import { ledgerUnavailable } from './unavailable.ts';

/** `Date` drops the fraction of its second: on average it is half a second behind. */
const HALF_OF_THE_SECOND_MS = 500;

const heartbeatKey = (region: string, index: number) => ({
  pk: { S: `hb#${region}#${String(index).padStart(2, '0')}` },
  sk: { S: 'hb' },
});

export class DynamoHeartbeats implements Heartbeats {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
    private readonly region: string,
    private readonly clock: Clock,
  ) {}

  async beat(index: number, atMs: number): Promise<HeartbeatResult> {
    const Key = heartbeatKey(this.region, index);
    const beat = async (call: DynamoCall): Promise<HeartbeatResult> => {
      await call.put({ TableName: this.table, Item: { ...Key, at: { N: String(atMs) } } });
      const sentAtMs = this.clock.nowMs();
      const { Item } = await call.get({ TableName: this.table, Key, ConsistentRead: true });
      const readMs = Number(Item?.at?.N ?? 0);
      // Another worker may have written a later one meanwhile; an earlier one means that the read was not strong.
      if (readMs < atMs) {
        throw new LedgerUnavailable(
          'not-attempted',
          `heartbeat ${index} reads back ${readMs}, wrote ${atMs}`,
          'refused',
        );
      }
      return { kind: 'written', ...this.#skew(call.attempts, sentAtMs) };
    };
    try {
      return await this.dynamo.call(ledgerUnavailable, beat, HEARTBEAT_DEADLINE_MS);
    } catch (error) {
      if (error instanceof LedgerUnavailable && error.reason === 'throttled') return { kind: 'throttled' };
      throw error;
    }
  }

  /** The answer was dated at some time between sending and now: their middle is off by half a round trip at most. */
  #skew(attempts: Attempts | undefined, sentAtMs: number): { clockSkewMs?: number } {
    const storeMs = Date.parse(attempts?.lastDate ?? '');
    if (Number.isNaN(storeMs)) return {};
    const middleMs = (sentAtMs + this.clock.nowMs()) / 2;
    return { clockSkewMs: Math.round(storeMs + HALF_OF_THE_SECOND_MS - middleMs) };
  }
}

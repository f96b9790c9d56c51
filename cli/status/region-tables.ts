// Owns what a Region's own tables tell of it: how far its view and its seals have come, what it holds of its peer.
// Leaves to region-status.ts what is put beside that.
import { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoRegionState } from '../../lambdas/adapters/dynamo/region-state.ts';
import { DynamoRehydrations } from '../../lambdas/adapters/dynamo/rehydration.ts';
import { DynamoSealWork } from '../../lambdas/adapters/dynamo/seal-work.ts';
import type { Rehydration } from '../../lambdas/ports/rehydration.ts';
import type { VerifiedHead } from '../../lambdas/ports/seals.ts';
import { heardUntilMs } from '../../lambdas/shared/heard.ts';
import { HEARTBEAT_KEYS, tableName } from '../../lambdas/shared/names.ts';
import type { Target } from '../target.ts';

export class RegionTables {
  readonly #dynamo: Dynamo;
  readonly #state: DynamoRegionState;

  constructor(
    private readonly target: Target,
    region: string,
  ) {
    const { endpoint, credentials } = target.clientSettings('dynamodb', region);
    this.#dynamo = new Dynamo({ region, ...(endpoint && { endpoint }), ...(credentials && { credentials }) });
    this.#state = new DynamoRegionState(this.#dynamo, tableName(target.jurisdiction, 'region-state'));
  }

  /** What `region` wrote before it has come through this Region's stream: epoch milliseconds. @throws Error before all keys have */
  async heardUntilMs(region: string): Promise<number> {
    const marks = await this.#state.watermarks(region);
    const untilMs = heardUntilMs(marks);
    if (untilMs === undefined)
      throw new Error(`${marks.size} of ${HEARTBEAT_KEYS} heartbeats of ${region} have come through the stream so far`);
    return untilMs;
  }

  holdsEvacuated(region: string): Promise<boolean> {
    return this.#state.isEvacuated(region);
  }

  rebuild(): Promise<Rehydration | undefined> {
    return new DynamoRehydrations(this.#dynamo, tableName(this.target.jurisdiction, 'region-state')).read();
  }

  sealHeads(): Promise<ReadonlyMap<number, VerifiedHead>> {
    return new DynamoSealWork(this.#dynamo, tableName(this.target.jurisdiction, 'seal-work')).heads();
  }

  close(): void {
    this.#dynamo.destroy();
  }
}

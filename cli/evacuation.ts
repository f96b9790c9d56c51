// Owns what the command line knows and changes of a Region's evacuation: the record in its peer, and both Regions as they are seen.
// Leaves to Route 53's checkers what follows from the record: no control plane is called (DESIGN D7).
import { Dynamo } from '../lambdas/adapters/dynamo/client.ts';
import { DynamoRegionState } from '../lambdas/adapters/dynamo/region-state.ts';
import { tableName } from '../lambdas/shared/names.ts';
import { UsageError } from './failures.ts';
import type { Target } from './target.ts';
import { type SeenHealth, type Vantage, vantageOf } from './vantage/vantage.ts';

export class Evacuation {
  readonly peer: string;
  readonly #vantage: Vantage;
  readonly #opened = new Map<string, Dynamo>();

  /** @throws UsageError when the target has no other Region */
  constructor(
    private readonly target: Target,
    readonly region: string,
  ) {
    const [peer, ...more] = target.regions.filter((one) => one !== region);
    if (peer === undefined || more.length > 0)
      throw new UsageError(
        `${region} has ${more.length + (peer === undefined ? 0 : 1)} peers: one must stand in for it`,
      );
    this.peer = peer;
    this.#vantage = vantageOf(target);
  }

  /** As its peer holds it. @throws RegionStateUnavailable */
  isEvacuated(): Promise<boolean> {
    return this.#stateIn(this.peer).isEvacuated(this.region);
  }

  /** @throws RegionStateUnavailable */
  record(evacuated: boolean): Promise<void> {
    return this.#stateIn(this.peer).setEvacuated(this.region, evacuated);
  }

  /** Why the peer cannot take over; undefined when it can. A Region that does not answer holds nobody to be evacuated. */
  async whyPeerCannotServe(): Promise<string | undefined> {
    const seen = await this.#vantage
      .health(this.peer)
      .catch((cause: unknown): SeenHealth => ({ kind: 'unhealthy', why: `nobody can look: ${String(cause)}` }));
    if (seen.kind === 'unhealthy') return `${this.peer} is not healthy (${seen.why})`;
    const isOut = await this.#stateIn(this.region)
      .isEvacuated(this.peer)
      .catch(() => false);
    return isOut ? `${this.peer} is evacuated itself` : undefined;
  }

  health(): Promise<SeenHealth> {
    return this.#vantage.health(this.region);
  }

  /** The Region that payers near this one are led to. */
  answer(): Promise<string | undefined> {
    return this.#vantage.answerNear(this.region);
  }

  close(): void {
    for (const dynamo of this.#opened.values()) dynamo.destroy();
  }

  #stateIn(region: string): DynamoRegionState {
    const { endpoint, credentials } = this.target.clientSettings('dynamodb', region);
    const dynamo =
      this.#opened.get(region) ??
      new Dynamo({ region, ...(endpoint && { endpoint }), ...(credentials && { credentials }) });
    this.#opened.set(region, dynamo);
    return new DynamoRegionState(dynamo, tableName(this.target.jurisdiction, 'region-state'));
  }
}

// Owns one Region's copy of the ledger: what is committed reaches it in order, later, and not while the Region reaches nobody.
// Leaves to stream.ts who reads what came in, to ledger.ts the committed state that strong reads see.
import type { DynamoDBRecord } from 'aws-lambda';
import type { Random } from '../engine/random.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { Network, RegionName } from '../world/network.ts';

export interface ReplicaDeps {
  readonly region: RegionName;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly network: Network;
  readonly faults: FaultBoard;
  readonly arrived: (record: DynamoDBRecord) => void;
}

export class Replica {
  readonly #applied = new Set<string>();
  /** Committed and not here yet, in order, with when each may arrive. */
  readonly #coming: { readonly record: DynamoDBRecord; readonly atMs: number }[] = [];
  #latestMs = 0;
  #isMoving = false;

  constructor(private readonly deps: ReplicaDeps) {
    deps.network.onHealed(() => this.#move());
  }

  receive(record: DynamoDBRecord): void {
    const { time, random, faults, region } = this.deps;
    const lagMs = faults.strikes('slow-replica', region) ? random.between(5_000, 45_000) : random.between(20, 400);
    this.#latestMs = Math.max(this.#latestMs, time.nowMs + lagMs);
    this.#coming.push({ record, atMs: this.#latestMs });
    this.#move();
  }

  /** Whether an eventually consistent read of this Region sees the item. */
  has(partition: string, key: string): boolean {
    return this.#applied.has(`${partition}|${key}`);
  }

  isUpToDate(): boolean {
    return this.#coming.length === 0;
  }

  #move(): void {
    const [next] = this.#coming;
    if (this.#isMoving || next === undefined) return;
    this.#isMoving = true;
    this.deps.time.at(next.atMs, () => {
      this.#isMoving = false;
      if (!this.deps.network.hasQuorum(this.deps.region)) return;
      this.#coming.shift();
      const { pk, sk } = next.record.dynamodb?.Keys ?? {};
      this.#applied.add(`${pk?.S}|${sk?.S}`);
      this.deps.arrived(next.record);
      this.#move();
    });
  }
}

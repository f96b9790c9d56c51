// Owns which faults are in force just now, whether one strikes, and how often each has.
// Leaves to whoever asks what it does.
import type { Random } from '../engine/random.ts';
import type { RegionName } from '../world/network.ts';
import type { FaultKind } from './fault-kinds.ts';

/** Something that strikes again and again while it is in force. */
export interface FaultInForce {
  readonly kind: FaultKind;
  /** Absent: everywhere. */
  readonly region?: RegionName;
  /** How likely it strikes when it could, above 0 to 1. */
  readonly rate: number;
}

export class FaultBoard {
  /** By kind: faults that took effect, not those that were only possible. */
  readonly injected = new Map<FaultKind, number>();
  readonly #inForce = new Set<FaultInForce>();

  constructor(private readonly random: Random) {}

  begin(fault: FaultInForce): void {
    this.#inForce.add(fault);
  }

  end(fault: FaultInForce): void {
    this.#inForce.delete(fault);
  }

  clear(): void {
    this.#inForce.clear();
  }

  /** Draws whether it happens now, and counts it if so. */
  strikes(kind: FaultKind, region?: RegionName): boolean {
    const struck = this.threatens(kind, region);
    if (struck) this.count(kind);
    return struck;
  }

  /** As `strikes`, for what may still come to nothing: the caller counts it when it takes effect. */
  threatens(kind: FaultKind, region?: RegionName): boolean {
    const rate = this.#rateOf(kind, region);
    return rate > 0 && this.random.chance(rate);
  }

  count(kind: FaultKind): void {
    this.injected.set(kind, (this.injected.get(kind) ?? 0) + 1);
  }

  #rateOf(kind: FaultKind, region: RegionName | undefined): number {
    let rate = 0;
    for (const fault of this.#inForce) {
      const isHere = fault.region === undefined || region === undefined || fault.region === region;
      if (fault.kind === kind && isHere) rate = Math.max(rate, fault.rate);
    }
    return rate;
  }
}

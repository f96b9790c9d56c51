// Owns a table that both Regions write and that goes between them later: the newest write of a key wins in both, as MREC tables do.
// Leaves to the memory twins what the rows are.
import type { Random } from '../engine/random.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import { type Network, peerOf, REGIONS, type RegionName } from '../world/network.ts';

interface Version {
  readonly atMs: number;
  readonly region: RegionName;
}

export interface Lines {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly network: Network;
  readonly faults: FaultBoard;
}

/** One Region's copy. */
export class ReplicatedMap<Key, Value> extends Map<Key, Value> {
  readonly #versions = new Map<Key, Version>();

  constructor(
    private readonly clockMs: () => number,
    private readonly region: RegionName,
    private readonly send: (key: Key, value: Value, version: Version) => void,
  ) {
    super();
  }

  override set(key: Key, value: Value): this {
    const version = { atMs: this.clockMs(), region: this.region };
    this.#versions.set(key, version);
    this.send(key, value, version);
    return super.set(key, value);
  }

  receive(key: Key, value: Value, version: Version): void {
    const held = this.#versions.get(key);
    if (held !== undefined && !isNewer(version, held)) return;
    this.#versions.set(key, version);
    super.set(key, value);
  }
}

const isNewer = (a: Version, b: Version): boolean => a.atMs > b.atMs || (a.atMs === b.atMs && a.region > b.region);

/** The copies of all Regions. What cannot go over a cut line waits for it. */
export const replicatedMaps = <Key, Value>(
  { time, random, network, faults }: Lines,
  clockMs: (region: RegionName) => number,
): Record<RegionName, ReplicatedMap<Key, Value>> => {
  const waiting: (() => void)[] = [];
  const deliver = (arrive: () => void): void => {
    if (network.areRegionsLinked()) arrive();
    else waiting.push(arrive);
  };
  network.onHealed(() => {
    if (network.areRegionsLinked()) for (const arrive of waiting.splice(0)) arrive();
  });
  const copyIn = (region: RegionName): ReplicatedMap<Key, Value> =>
    new ReplicatedMap(
      () => clockMs(region),
      region,
      (key, value, version) => {
        const lateMs = faults.strikes('late-copies', region)
          ? random.between(60_000, 300_000)
          : random.between(300, 2_000);
        time.after(lateMs, () => deliver(() => copies[peerOf(region)].receive(key, value, version)));
      },
    );
  const [east, west] = REGIONS;
  const copies = { [east]: copyIn(east), [west]: copyIn(west) };
  return copies;
};

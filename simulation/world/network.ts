// Owns who reaches whom: two Regions and the witness of the ledger, every line between them up or cut.
// Leaves to stores/ what follows for a write, a read or a copy on its way.

export const REGIONS = ['us-east-1', 'us-west-2'] as const;
export type RegionName = (typeof REGIONS)[number];
export const peerOf = (region: RegionName): RegionName => (region === 'us-east-1' ? 'us-west-2' : 'us-east-1');

/** Between the Regions, and from each of them to the witness. */
export const LINES = ['us-east-1 – us-west-2', 'us-east-1 – witness', 'us-west-2 – witness'] as const;
export type Line = (typeof LINES)[number];
const BETWEEN_REGIONS: Line = 'us-east-1 – us-west-2';
const toWitness = (region: RegionName): Line => `${region} – witness`;

export class Network {
  /** How many faults cut a line, and took a Region away: they may overlap. */
  readonly #cuts = new Map<Line | RegionName, number>();
  readonly #listeners: (() => void)[] = [];

  cut(what: Line | RegionName): void {
    this.#cuts.set(what, (this.#cuts.get(what) ?? 0) + 1);
  }

  heal(what: Line | RegionName): void {
    this.#cuts.set(what, Math.max(0, (this.#cuts.get(what) ?? 0) - 1));
    for (const listener of this.#listeners) listener();
  }

  /** Told whenever something is there again. */
  onHealed(listener: () => void): void {
    this.#listeners.push(listener);
  }

  isThere(region: RegionName): boolean {
    return !this.#isCut(region);
  }

  areRegionsLinked(): boolean {
    return !this.#isCut(BETWEEN_REGIONS) && this.isThere('us-east-1') && this.isThere('us-west-2');
  }

  /** Two of the three must hold a write, and a strong read asks two: the Region and one more. */
  hasQuorum(region: RegionName): boolean {
    return this.isThere(region) && (!this.#isCut(toWitness(region)) || this.areRegionsLinked());
  }

  #isCut(what: Line | RegionName): boolean {
    return (this.#cuts.get(what) ?? 0) > 0;
  }
}

// Owns which Regions reach each other: isolated, down, and how far the nearest one is that can hold a second copy.
// Leaves to quorum.ts what follows for a request, to replica.ts whether a Region has caught up.
import { type RoundTripsMs, roundTripMs } from '../../latency.ts';

interface RegionLink {
  isolated: boolean;
  down: boolean;
  /** Changes whenever the Region is cut off: what was under way before cannot count on a quorum. */
  cuts: number;
}

export class Network {
  private readonly links: ReadonlyMap<string, RegionLink>;

  constructor(
    regions: readonly string[],
    private readonly roundTripsMs: RoundTripsMs,
  ) {
    this.links = new Map(regions.map((region) => [region, { isolated: false, down: false, cuts: 0 }]));
  }

  get regions(): readonly string[] {
    return [...this.links.keys()];
  }

  isKnown(region: string): boolean {
    return this.links.has(region);
  }

  isIsolated(region: string): boolean {
    return this.link(region).isolated;
  }

  isDown(region: string): boolean {
    return this.link(region).down;
  }

  /** Part of the network and alive. */
  isConnected(region: string): boolean {
    const { isolated, down } = this.link(region);
    return !isolated && !down;
  }

  cuts(region: string): number {
    return this.link(region).cuts;
  }

  setIsolated(region: string, isolated: boolean): void {
    const link = this.link(region);
    if (isolated && !link.isolated) link.cuts += 1;
    link.isolated = isolated;
  }

  setDown(region: string, down: boolean): void {
    const link = this.link(region);
    if (down && !link.down) link.cuts += 1;
    link.down = down;
  }

  /**
   * Round trip in milliseconds to the nearest other participant that can be reached, or undefined when there is none.
   * A write is acknowledged once at least one other Region holds it (DynamoDB developer guide, MRSC).
   */
  nearestTripMs(region: string, participants: readonly string[]): number | undefined {
    if (!this.isConnected(region)) return undefined;
    const trips = participants
      .filter((other) => other !== region && this.isConnected(other))
      .map((other) => roundTripMs(region, other, this.roundTripsMs));
    return trips.length === 0 ? undefined : Math.min(...trips);
  }

  private link(region: string): RegionLink {
    const link = this.links.get(region);
    if (link === undefined) {
      throw new Error(`unknown Region ${region}: the ledger has ${this.regions.join(', ')}`);
    }
    return link;
  }
}

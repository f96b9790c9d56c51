// Owns which Region is writing which item at this moment: another Region that comes meanwhile is in conflict.
// Leaves to the store the order of writes inside one Region.
interface Claim {
  readonly region: string;
  writes: number;
}

export class Claims {
  private readonly claims = new Map<string, Claim>();

  /** False while another Region's write of the item is under way; true must be followed by `leave`. */
  enter(item: string, region: string): boolean {
    const claim = this.claims.get(item);
    if (claim === undefined) this.claims.set(item, { region, writes: 1 });
    else if (claim.region !== region) return false;
    else claim.writes += 1;
    return true;
  }

  leave(item: string): void {
    const claim = this.claims.get(item);
    if (claim === undefined) return;
    claim.writes -= 1;
    if (claim.writes === 0) this.claims.delete(item);
  }
}

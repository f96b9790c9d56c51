// Owns the faults that were asked for and how many of each are left.
// Leaves to the paths of reads and writes what a fault does.
import type { LedgerFault, ScopedFault } from '../../processes.ts';

export const FAULT_KINDS = [
  'write-conflict',
  'lost-answer',
  'witness-only',
  'throttle',
  'silent',
  'slow',
] as const satisfies readonly LedgerFault['kind'][];

interface Pending {
  readonly fault: ScopedFault;
  left: number;
}

export class Faults {
  private pending: Pending[] = [];

  /** A count of 0 takes back what is left of this kind in this Region. */
  add(fault: ScopedFault): void {
    if (fault.count > 0) this.pending.push({ fault, left: fault.count });
    else
      this.pending = this.pending.filter(
        (other) => other.fault.kind !== fault.kind || other.fault.region !== fault.region,
      );
  }

  /** Whether a request on items with these sort keys is hit now; uses one up. */
  take(kind: Exclude<LedgerFault['kind'], 'slow'>, region: string, sortKeys: readonly string[]): boolean {
    return this.#hit(kind, region, sortKeys) !== undefined;
  }

  /** How long such a request waits, milliseconds; uses up a `slow`. */
  takeDelayMs(region: string, sortKeys: readonly string[]): number {
    const hit = this.#hit('slow', region, sortKeys);
    return hit?.kind === 'slow' ? hit.delayMs : 0;
  }

  #hit(kind: LedgerFault['kind'], region: string, sortKeys: readonly string[]): ScopedFault | undefined {
    const hit = this.pending.find(
      ({ fault }) =>
        fault.kind === kind &&
        fault.region === region &&
        (isUnscoped(fault) || sortKeys.some((key) => isInScope(fault, key))),
    );
    if (hit === undefined) return undefined;
    hit.left -= 1;
    this.pending = this.pending.filter(({ left }) => left > 0);
    return hit.fault;
  }
}

const isUnscoped = ({ sortKeyPrefix, sortKeySuffix }: ScopedFault): boolean =>
  sortKeyPrefix === undefined && sortKeySuffix === undefined;

const isInScope = ({ sortKeyPrefix = '', sortKeySuffix = '' }: ScopedFault, sortKey: string): boolean =>
  sortKey.startsWith(sortKeyPrefix) && sortKey.endsWith(sortKeySuffix);

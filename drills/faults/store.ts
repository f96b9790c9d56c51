// Owns the faults that hit the ledger's store in one Region.
import type { Fault } from './fault.ts';

/** More than are asked while a drill lasts; a count of 0 takes back what is left. */
const EVERY = 100_000;

/** Every request is answered so much later. */
export const storeSlow = (region: string, delayMs: number): Fault => ({
  what: `ledger ${delayMs} ms slower in ${region}`,
  begin: (baseload) => baseload.fault({ kind: 'slow', region, delayMs, count: EVERY }),
  end: (baseload) => baseload.fault({ kind: 'slow', region, delayMs, count: 0 }),
});

// Owns the faults that hit the ledger's store in one Region.
import type { LedgerFault, ScopedFault } from '../../local/processes.ts';
import type { Harness } from '../pair/harness.ts';
import type { Fault } from './fault.ts';

/** More than are asked while a drill lasts; a count of 0 takes back what is left. */
const EVERY = 100_000;

const everyRequest = (what: string, fault: Omit<LedgerFault, 'count'> & { readonly delayMs?: number }): Fault => {
  const order = (count: number) => (baseload: Harness) => baseload.fault({ ...fault, count } as ScopedFault);
  return { what, begin: order(EVERY), end: order(0) };
};

/** Every request refused, as on-demand capacity refuses. */
export const storeThrottled = (region: string): Fault =>
  everyRequest(`ledger throttled in ${region}`, { kind: 'throttle', region });

export const storeSlow = (region: string, delayMs: number): Fault =>
  everyRequest(`ledger ${delayMs} ms slower in ${region}`, { kind: 'slow', region, delayMs });

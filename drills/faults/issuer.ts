// Owns the faults of the issuer of tokens, which stands outside of every Region.
import { order } from '../pair/own-run.ts';
import type { Fault } from './fault.ts';

/** Its port is closed. */
export const issuerAway: Fault = {
  what: 'issuer away',
  begin: async (baseload) => void (await order(baseload, '/api/issuer/stop')),
  end: async (baseload) => void (await order(baseload, '/api/issuer/start')),
};

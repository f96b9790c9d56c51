// Owns the faults of the payment processor, which stands outside of every Region.
import { order } from '../pair/own-run.ts';
import type { Fault } from './fault.ts';

/** Its port is closed. */
export const processorAway: Fault = {
  what: 'processor away',
  begin: async (baseload) => void (await order(baseload, '/api/processor/stop')),
  end: async (baseload) => void (await order(baseload, '/api/processor/start')),
};

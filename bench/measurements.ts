// Owns which measurements there are, in the order in which they are run.
// Leaves to the files of measurements/ what each measures; one is loaded only when it is asked for.
import type { Measurement } from './harness/measurement.ts';

export interface Listed {
  readonly name: string;
  readonly about: string;
  readonly load: () => Promise<Measurement>;
}

export const MEASUREMENTS: readonly Listed[] = [
  {
    name: 'payment',
    about: 'the payment path beside a bare put, Powertools idempotency and castore',
    load: async () => (await import('./measurements/payment.ts')).measurePayment,
  },
  {
    name: 'lookup',
    about: 'a bill, the same unchanged, a page of the statement, beside a bare read',
    load: async () => (await import('./measurements/lookup.ts')).measureLookup,
  },
  {
    name: 'growth',
    about: 'payment and lookup at accounts of 10, 1,000 and 100,000 facts',
    load: async () => (await import('./measurements/growth.ts')).measureGrowth,
  },
  {
    name: 'cold-start',
    about: 'the init of each bundle, beside one that only makes the DynamoDB client',
    load: async () => (await import('./measurements/cold-start.ts')).measureColdStart,
  },
  {
    name: 'replay',
    about: 'the whole ledger read, verified, made into a view, beside a bare scan',
    load: async () => (await import('./measurements/replay.ts')).measureReplay,
  },
  {
    name: 'rating',
    about: 'bills of a year of 15-minute readings',
    load: async () => (await import('./measurements/rating.ts')).measureRating,
  },
  {
    name: 'simulation',
    about: 'both Regions in virtual time: simulated operations a second, seeds a minute',
    load: async () => (await import('./measurements/simulation.ts')).measureSimulation,
  },
  {
    name: 'local-stack',
    about: 'both Regions on this machine, at fixed arrival rates of payments',
    load: async () => (await import('./measurements/local-stack.ts')).measureLocalStack,
  },
];

// Owns what a client is made with, and its defaults.
// Leaves to call.ts what the numbers do.
import { type Clock, systemClock } from './clock.ts';

export interface BillingClientOptions {
  /** The Regions' own hostnames, `https://…`, the nearest first. Not the shared one: that follows DNS. */
  readonly regions: readonly string[];
  /** A bearer token, or what gets one; asked once a call, so that it may be renewed. */
  readonly token: string | (() => string | Promise<string>);
  /** Until a call has its answer or fails. Default 10 000. */
  readonly deadlineMs?: number;
  /** Until another Region is asked as well, of a payment with the same key. Default 1 000. */
  readonly attemptMs?: number;
  /** The same of a lookup's first attempt. Default 300. */
  readonly hedgeAfterMs?: number;
  readonly fetch?: typeof globalThis.fetch;
  /** 0 ≤ n < 1, as Math.random: for the jitter. */
  readonly random?: () => number;
  readonly clock?: Clock;
}

export interface Settings {
  readonly regions: readonly string[];
  readonly token: () => Promise<string>;
  readonly deadlineMs: number;
  readonly attemptMs: number;
  readonly hedgeAfterMs: number;
  readonly fetch: typeof globalThis.fetch;
  readonly random: () => number;
  readonly clock: Clock;
}

/** @throws TypeError naming the option */
export const settingsOf = (options: BillingClientOptions): Settings => {
  const { token, fetch = globalThis.fetch } = options;
  const regions = options.regions.map(originOf);
  if (regions.length === 0 || new Set(regions).size < regions.length) {
    throw new TypeError('regions must name each Region once, and at least one');
  }
  return {
    regions,
    token: async () => (typeof token === 'string' ? token : await token()),
    deadlineMs: milliseconds('deadlineMs', options.deadlineMs ?? 10_000),
    attemptMs: milliseconds('attemptMs', options.attemptMs ?? 1_000),
    hedgeAfterMs: milliseconds('hedgeAfterMs', options.hedgeAfterMs ?? 300),
    fetch,
    random: options.random ?? Math.random,
    clock: options.clock ?? systemClock,
  };
};

const milliseconds = (option: string, value: number): number => {
  if (value > 0 && Number.isFinite(value)) return value;
  throw new TypeError(`${option} must be a positive number of milliseconds, got ${value}`);
};

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;

const parsed = (region: string): URL | undefined => {
  try {
    return new URL(region);
  } catch {
    return undefined;
  }
};

/** A token must not cross a network in the clear. */
const originOf = (region: string): string => {
  const url = parsed(region);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (url !== undefined && isSafe && url.href === `${url.origin}/`) return url.origin;
  throw new TypeError(`regions must be origins such as https://us-east-1.billing.example.com, got ${region}`);
};

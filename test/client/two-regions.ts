// Owns what the client's tests share: two fake Regions, a client of both on a clock of its own, and answers as Baseload gives them.
import { afterEach, beforeEach } from '@jest/globals';
import { BillingClient, type BillingClientOptions } from '../../client/src/index.ts';
import { answers, type Behaviour, FakeRegion } from './fake-region.ts';
import { TestClock } from './test-clock.ts';

export const ACCOUNT = 'us_1001';
export const PAYMENT = { amountMinor: 4_250, currency: 'USD', method: 'card_on_file' };
export const POSITION = 'MXx1c18xMDAxfHAjcGF5XzAjMDAw';

export const ACCEPTED = {
  paymentId: `pay_${'a'.repeat(52)}`,
  accountId: ACCOUNT,
  amountMinor: 4_250,
  currency: 'USD',
  status: 'accepted',
  acceptedAt: '2026-11-01T09:30:00.000Z',
  position: POSITION,
};

export const OWED = {
  accountId: ACCOUNT,
  currency: 'USD',
  balanceMinor: 7_000,
  dueMinor: 7_000,
  nextDueDate: '2026-11-15',
  pendingMinor: 0,
};

export const accepts: Behaviour = answers(201, ACCEPTED);
export const tellsAccount: Behaviour = answers(200, OWED);

export interface Pair {
  east: FakeRegion;
  west: FakeRegion;
  clock: TestClock;
  client: BillingClient;
  /** Another client of the same Regions and clock. */
  clientWith(options: Partial<BillingClientOptions>): BillingClient;
}

/** A new pair before each test, gone after it. Without jitter: `random` is 0. */
export const eachTestItsPair = (): Pair => {
  const pair = {} as Pair;
  beforeEach(async () => {
    pair.east = await FakeRegion.start(accepts);
    pair.west = await FakeRegion.start(accepts);
    pair.clock = new TestClock();
    pair.clientWith = (options) =>
      new BillingClient({
        regions: [pair.east.url, pair.west.url],
        token: 'a-token',
        clock: pair.clock,
        random: () => 0,
        ...options,
      });
    pair.client = pair.clientWith({});
  });
  afterEach(async () => {
    await Promise.all([pair.east.stop(), pair.west.stop()]);
  });
  return pair;
};

/** What `call` fails with. */
export const failureOf = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (value) => {
      throw new Error(`it did not fail: ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );

export const keysOf = ({ received }: FakeRegion): readonly unknown[] =>
  received.map(({ headers }) => headers['idempotency-key']);

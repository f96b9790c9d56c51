// Shows the client's promise for whatever two Regions do: one key and body in every attempt, a receipt only of a payment that was made,
// "nothing was changed" only where none was made or ever will be, and asking again with the key always ends in exactly one payment.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BillingClient, OutcomeUnknown, Refused, Unavailable } from '../../client/src/index.ts';
import {
  answers,
  type Behaviour,
  cutsShort,
  FakeRegion,
  gatewayAnswers,
  hangs,
  problem,
  resets,
} from './fake-region.ts';
import { ACCEPTED, ACCOUNT, PAYMENT } from './two-regions.ts';

/** Both Regions write to it: a payment is made once a key. */
class Ledger {
  readonly payments = new Map<string, string>();
  readonly #later: (() => void)[] = [];

  /** The receipt, of the first time. */
  make(key: string, body: string): Behaviour {
    const isReplay = this.payments.has(key);
    if (!isReplay) this.payments.set(key, body);
    return answers(201, ACCEPTED, isReplay ? { 'idempotent-replayed': 'true' } : {});
  }

  makeLater(key: string, body: string): void {
    this.#later.push(() => void this.make(key, body));
  }

  /** Requests that were still on their way when their client gave up. */
  settle(): void {
    for (const make of this.#later.splice(0)) make();
  }
}

/** What a Region does with a payment, before and after it is made. */
const DEEDS: Readonly<Record<string, (ledger: Ledger) => Behaviour>> = {
  answers: (ledger) => (response, request) => made(ledger, request)(response, request),
  'answers, cut': (ledger) => (response, request) => {
    made(ledger, request);
    return cutsShort(201, '{"paymentId"', 200)(response, request);
  },
  'answers with a lie': (ledger) => (response, request) => {
    made(ledger, request);
    return answers(201, '<html>', { 'content-type': 'text/html' })(response, request);
  },
  'makes it and resets': (ledger) => (response, request) => {
    made(ledger, request);
    return resets(response, request);
  },
  'makes it and hangs': (ledger) => (_, request) => void made(ledger, request),
  'makes it later': (ledger) => (_, request) => ledger.makeLater(keyOf(request), request.body),
  'makes it and does not know': (ledger) => (response, request) => {
    made(ledger, request);
    return problem(503, 'outcome-unknown')(response, request);
  },
  hangs: () => hangs,
  resets: () => resets,
  'did nothing': () => problem(503, 'not-attempted'),
  'did nothing for long': () => problem(503, 'not-attempted', { 'retry-after': '60' }),
  'gateway fails': () => gatewayAnswers(503, 'Service Unavailable'),
  'refuses the token': () => gatewayAnswers(401, 'Unauthorized'),
  'holds off': () => problem(429, 'too-many-requests'),
};

const keyOf = ({ headers }: Parameters<Behaviour>[1]): string => String(headers['idempotency-key']);
const made = (ledger: Ledger, request: Parameters<Behaviour>[1]): Behaviour =>
  ledger.make(keyOf(request), request.body);

const script = fc.array(fc.constantFrom(...Object.keys(DEEDS)), { minLength: 1, maxLength: 6 });

const HURRIED = { deadlineMs: 120, attemptMs: 15 };
/** Whatever this machine is busy with: a Region that answers does it in time. */
const CALM = { deadlineMs: 5_000, attemptMs: 2_000 };
const ONE_OF_EACH_KIND: [string[], string[], typeof CALM][] = [
  [['answers'], ['answers'], CALM],
  [['refuses the token'], ['refuses the token'], CALM],
  [['did nothing for long'], ['did nothing for long'], CALM],
  [['resets'], ['resets'], CALM],
];

test('two Regions that do anything, in any order', async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(script, script, fc.constant(HURRIED), async (eastDeeds, westDeeds, times) => {
      const ledger = new Ledger();
      const regions = await Promise.all([eastDeeds, westDeeds].map((deeds) => regionThat(deeds, ledger)));
      const options = { regions: regions.map(({ url }) => url), token: 't' };
      try {
        const hurried = new BillingClient({ ...options, ...times, random: () => 0.1 });
        const outcome = await hurried.pay(ACCOUNT, PAYMENT).catch((error: unknown) => error);
        const sent = regions.flatMap(({ received }) => received);
        // None, where the machine is so busy that the deadline comes before the first arrives.
        expect(new Set(sent.map((request) => `${keyOf(request)} ${request.body}`)).size).toBeLessThanOrEqual(1);
        const madeBefore = ledger.payments.size;
        ledger.settle();

        if (outcome instanceof Refused || outcome instanceof Unavailable) {
          expect(ledger.payments.size).toBe(0);
          kinds.add(outcome.kind);
          return;
        }
        if (!(outcome instanceof OutcomeUnknown)) {
          expect(outcome).toMatchObject({ paymentId: ACCEPTED.paymentId });
          expect(madeBefore).toBe(1);
        }
        kinds.add(outcome instanceof OutcomeUnknown ? outcome.kind : 'receipt');
        const { idempotencyKey } = outcome as OutcomeUnknown;
        for (const region of regions) region.does(DEEDS['answers']!(ledger));
        const patient = new BillingClient(options);
        expect(await patient.pay(ACCOUNT, PAYMENT, { idempotencyKey })).toMatchObject({ idempotencyKey });
        expect([...ledger.payments.keys()]).toEqual([idempotencyKey]);
      } finally {
        await Promise.all(regions.map((region) => region.stop()));
      }
    }),
    { numRuns: 60, seed: 20_261_121, examples: ONE_OF_EACH_KIND },
  );
  // It has seen them all: none of the claims above was skipped.
  expect([...kinds].sort()).toEqual(['outcome-unknown', 'receipt', 'refused', 'unavailable']);
}, 60_000);

const regionThat = async (deeds: readonly string[], ledger: Ledger): Promise<FakeRegion> => {
  const region = await FakeRegion.start(hangs);
  const [first = hangs, ...then] = deeds.map((deed) => DEEDS[deed]!(ledger));
  region.does(first, ...then);
  return region;
};

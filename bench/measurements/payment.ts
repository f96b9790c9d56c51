// Owns the payment path beside other ways to write a payment once, on one engine: time, requests and consumed units.
// Leaves to recipes/ what each of them does.
import { onEngine } from '../engine/bench-engine.ts';
import { type Consumed, startMeter } from '../engine/meter.ts';
import { comparison, consumedBy } from '../harness/consumption.ts';
import { interleave } from '../harness/interleave.ts';
import type { Measurement } from '../harness/measurement.ts';
import { ratioOf } from '../harness/statistics.ts';
import { barePut } from '../recipes/bare-put.ts';
import { baseload } from '../recipes/baseload.ts';
import { castoreAccounts, castorePayments } from '../recipes/castore.ts';
import { ledgerAppend } from '../recipes/ledger-append.ts';
import { powertools } from '../recipes/powertools.ts';
import { ACCOUNTS, openedAccounts, type Recipe } from '../recipes/recipe.ts';
import { fillAccounts } from '../workload/fill.ts';

const RECIPES: readonly Recipe[] = [barePut, baseload, powertools, castorePayments, castoreAccounts, ledgerAppend];
/** The first payment of an account has its opening read: every account is met once before anything is counted or timed. */
const COUNTED = { count: 100, repeatAfter: ACCOUNTS };
const ROUNDS = { rounds: 40, operations: 100, warmUp: 8_000, from: 10 * ACCOUNTS };

export const measurePayment: Measurement = ({ progress }) =>
  onEngine(async (engine) => {
    progress(`opening ${ACCOUNTS} accounts`);
    await fillAccounts(
      engine,
      openedAccounts().map((account) => [account]),
    );
    const meter = await startMeter(engine.endpoint);
    const consumed: Consumed[] = [];
    for (const { name, open } of RECIPES) {
      progress(`counting: ${name}`);
      consumed.push(await consumedBy(meter, open(meter.endpoint), COUNTED));
    }
    await meter.stop();
    const contenders = RECIPES.map(({ name, open }) => ({ name, prepare: open(engine.endpoint) }));
    const timed = await interleave(contenders, ROUNDS, progress);
    const [bare = [], own = [], recipe = []] = timed.map(({ rates }) => rates);
    const { requests = Number.NaN, writeUnits = Number.NaN } = consumed[1] ?? {};
    return {
      tables: [comparison('payment', 'payments/s', timed, consumed)],
      targets: [
        { what: 'requests a payment', measured: requests, bound: { atMost: 1 } },
        { what: 'write units a payment and replica', measured: writeUnits, bound: { atMost: 1 } },
        { what: 'rate, of (a)', measured: ratioOf(own, bare).median, bound: { atLeast: 0.88 } },
        { what: 'rate, of (b)', measured: ratioOf(own, recipe).median, bound: { atLeast: 2.9 } },
      ],
      notes: [
        `One after the other, as one Lambda environment works. Rates and ratios: median and quartiles of ${ROUNDS.rounds} rounds of ${ROUNDS.operations}, in turns.`,
        'Baseload checks access, limit and body, hashes, answers and counts; the others only write. All have the same SDK client.',
      ],
    };
  });

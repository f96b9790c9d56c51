// Owns a pair of Regions of one proof's own: its clock goes forward only, so that the shared pair could not be left as it was found.
// Leaves to harness.ts how it is spoken to.
import { meteredHomes } from '../../local/demo/metered-homes.ts';
import { openAccounts } from '../auditor/auditor.ts';
import { type ApiAnswer, Harness } from './harness.ts';

const HOUR_MS = 3_600_000;
export const DAY_AND_MORE_MS = 25 * HOUR_MS;

export interface Charge {
  readonly paymentId: string;
  readonly reference: string;
  readonly status: 'unconfirmed' | 'collected' | 'declined';
  readonly amountMinor: number;
}

export interface Books {
  readonly charges: readonly Charge[];
  readonly refunds: readonly { readonly charge: string; readonly amountMinor: number }[];
}

/** The processor's own books. */
export const booksOf = async (baseload: Harness): Promise<Books> => {
  const { processor } = await baseload.wiring();
  return (await (await fetch(`${processor}/admin/books`)).json()) as Books;
};

/**
 * The demo's meter files are stored: it goes on loading them once a run is ready, and a clock that jumps over the visibility of a
 * message again and again sends it to the dead-letter queue.
 */
export const demoIsLoaded = async (baseload: Harness): Promise<void> => {
  const homes = meteredHomes('us');
  const token = await baseload.token({ accounts: homes.map(({ accountId }) => accountId), scope: 'billing:read' });
  for (const { accountId, period } of homes) {
    for (const region of baseload.regionNames) {
      const preview = `/v1/accounts/${accountId}/bills/preview?period=${period}`;
      await baseload.waitFor(
        `the readings of ${accountId} are in ${region}`,
        async () => {
          const { status, body } = await baseload.region(region, 'GET', preview, { token });
          return status === 200 && body.quality !== 'missing';
        },
        60_000,
      );
    }
  }
  await baseload.waitFor('nothing is left on intake', async () => {
    const { queues } = await baseload.state();
    return queues.every(({ slug, visible, inFlight }) => slug !== 'intake' || visible + inFlight === 0);
  });
};

/** The pair, with the demo stored and `accounts` opened. Whoever starts it ends it. */
export const startOwnRun = async (accounts: readonly string[]) => {
  const baseload = await Harness.start();
  try {
    await demoIsLoaded(baseload);
    await openAccounts(baseload, accounts);
  } catch (error) {
    await baseload.stop();
    throw error;
  }
  const [east = '', west = ''] = baseload.regionNames;
  return { baseload, east, west };
};

/** Moves the clock of everything in the run ahead of where it is. */
export const moveClock = async (baseload: Harness, byMs: number): Promise<void> => {
  const { clock } = await baseload.state();
  const answer = await baseload.control('POST', '/api/clock', { offsetMs: clock.offsetMs + byMs });
  if (answer.status !== 200) throw new Error(`the clock was not moved: ${JSON.stringify(answer.body)}`);
};

export interface Pace {
  /** Of each minute, milliseconds. */
  readonly livedMs: number;
  /** Less than what alarms take for a gap that nobody lived through. */
  readonly skippedMs: number;
}

/** A minute takes ten seconds. */
const USUAL_PACE: Pace = { livedMs: 10_000, skippedMs: 50_000 };

/** Minutes pass, each with its measurements, until `condition` holds. @throws Error when it does not within so many of them */
export const minutesPass = async (
  baseload: Harness,
  what: string,
  mostMinutes: number,
  condition: () => Promise<boolean>,
  { livedMs, skippedMs } = USUAL_PACE,
): Promise<void> => {
  for (let minute = 1; minute <= mostMinutes; minute++) {
    const held = await baseload.waitFor(what, condition, livedMs).catch(() => undefined);
    if (held !== undefined) return;
    await moveClock(baseload, skippedMs);
  }
  const { alarms } = await baseload.state();
  const ringing = alarms.filter(({ state }) => state === 'ALARM').map(({ slug, region }) => `${slug} of ${region}`);
  throw new Error(`not in ${mostMinutes} minutes: ${what}; ringing: ${ringing.join(', ')}`);
};

/** @throws Error when control refuses */
export const order = async (baseload: Harness, path: string, body?: object): Promise<ApiAnswer> => {
  const answer = await baseload.control('POST', path, body);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
};

/** Nothing on the queues of money and of notices, delayed or under way, in either Region. */
export const isQuiet = async (baseload: Harness): Promise<boolean> => {
  const { regions, queues } = await baseload.state();
  const work = queues.filter(({ slug }) => slug === 'settlements' || slug === 'notices');
  return (
    Object.values(regions).every(({ viewLagMs }) => viewLagMs === 0) &&
    work.length === 4 &&
    work.every(({ visible, inFlight, delayed }) => visible + inFlight + delayed === 0)
  );
};

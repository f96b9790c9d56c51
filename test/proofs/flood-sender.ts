// Owns the flood of readings, in a process of its own: its sockets must not delay the payments that are timed in the proof's.
// Leaves to readings-flood.test.ts when it comes, and what must become of it.
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { constants, setPriority } from 'node:os';
import { atRate } from '../../drills/load/at-rate.ts';

export interface Flood {
  readonly url: string;
  readonly token: string;
  readonly meterId: string;
  readonly perSecond: number;
  readonly forMs: number;
  /** Requests of earlier floods: each request of a run delivers a day of its own. */
  readonly from: number;
}

export interface FloodAnswer {
  /** 0 for a request that was not answered. */
  readonly status: number;
  /** The day that it delivers a reading of. */
  readonly date: string;
}

const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.UTC(2010, 0, 1);
/** Without a bound a server that stalls for a moment gets a connection for every request, more than wait at its port. */
const agent = new Agent({ keepAlive: true, maxSockets: 100 });

const post = (url: string, token: string, body: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    request(url, { method: 'POST', agent, headers }, resolve).once('error', reject).end(body);
  });

const deliver = async ({ url, token, meterId, from }: Flood, n: number): Promise<FloodAnswer> => {
  const date = new Date(FIRST_DAY_MS + (from + n) * DAY_MS).toISOString().slice(0, 10);
  const reading = { meterId, start: `${date}T00:00:00Z`, durationSeconds: 3_600, wh: 1, quality: 'actual' };
  try {
    const response = await post(`${url}/v1/readings`, token, JSON.stringify({ readings: [reading] }));
    response.resume();
    await once(response, 'end');
    return { status: response.statusCode ?? 0, date };
  } catch {
    return { status: 0, date };
  }
};

// A flood comes from elsewhere: what it costs to send shall not be taken from those it is sent to.
setPriority(constants.priority.PRIORITY_LOW);

process.on('message', async (flood: Flood) => {
  const sent = await atRate(flood, (n) => deliver(flood, n));
  process.send?.(sent.map(({ answer }) => answer));
});
process.send?.('ready');

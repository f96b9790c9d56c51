// The proof that the control room measures what it shows, without a browser: payers, their receipts, the ledger, a queue.
// Leaves to test/browser what is seen of it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { settled } from '../../drills/pair/settled.ts';
import type { Live, Opening } from '../../local/control-room/live.ts';
import { sharedRun } from './shared-run.ts';

const baseload = sharedRun();
const [EAST = ''] = baseload.regionNames;
const leaving = new AbortController();
let opening: Opening | undefined;
let live: Live | undefined;

const order = async (path: string, body?: object): Promise<void> => {
  const answer = await baseload.control('POST', path, body);
  expect([path, answer.status, answer.body]).toEqual([path, 200, { done: true }]);
};

/** As the page does, for as long as the tests run. */
const listen = async (): Promise<void> => {
  const response = await fetch(`${baseload.ready.control}/api/live`, { signal: leaving.signal });
  let rest = '';
  for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    const events = (rest + chunk).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const [, name, data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
      if (name === 'opening') opening = JSON.parse(data) as Opening;
      if (name === 'live') live = JSON.parse(data) as Live;
    }
  }
};

beforeAll(async () => {
  await settled(baseload);
  listen().catch(() => undefined);
  await baseload.waitFor('the first second', () => live !== undefined);
}, 120_000);

afterAll(async () => {
  await baseload.control('POST', '/api/payers/stop');
  leaving.abort();
});

test('it says who there is', () => {
  expect(opening).toMatchObject({
    jurisdiction: 'us',
    hostname: 'billing.example.com',
    regions: ['us-east-1', 'us-west-2'],
    witness: 'us-east-2',
  });
  expect(Object.keys(live?.state?.regions ?? {})).toEqual(['us-east-1', 'us-west-2']);
});

test('receipts of its payers are looked up in the ledger, their requests are those of the front door', async () => {
  await order('/api/payers/start');
  await baseload.waitFor('five receipts looked up', () => (live?.audit.checked ?? 0) >= 5, 60_000);
  expect(live?.audit).toMatchObject({ lost: 0, doubled: 0, damaged: 0, trouble: null });
  expect(live?.payers.running).toBe(true);
  expect(live?.traffic.regions[EAST]?.share).toBeGreaterThan(0.5);
  await order('/api/payers/stop');
  await baseload.waitFor('none under way', () => live?.payers.running === false && live.payers.underWay === 0);
  await baseload.waitFor(
    'each of them settled',
    () => live !== undefined && live.audit.settled === live.audit.acknowledged,
    60_000,
  );
}, 150_000);

test('poison comes onto a queue of the Region, and is taken back', async () => {
  const lying = async (): Promise<number> => {
    const { queues } = await baseload.state();
    const own = queues.find(({ region, slug }) => region === EAST && slug === 'archive');
    return (own?.visible ?? 0) + (own?.inFlight ?? 0);
  };
  const before = await lying();
  await order(`/api/queues/${EAST}/archive/poison`, { count: 2 });
  await baseload.waitFor('both are there', async () => (await lying()) >= before + 2);
  await baseload.waitFor('the page is told', () => live?.poison[0]?.messages === 2);
  expect(live?.poison).toEqual([{ region: EAST, queue: 'archive', messages: 2 }]);
  await order(`/api/queues/${EAST}/archive/poison`, { count: 0 });
  await baseload.waitFor('neither is', async () => (await lying()) <= before);
  await baseload.waitFor('the page is told', () => live?.poison.length === 0);
}, 60_000);

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  EAST,
  eventually,
  putNew,
  type RunningLedger,
  readShards,
  removeDirectory,
  runLedger,
  temporaryDirectory,
} from './ledger-fixture.ts';

const DAY_MS = 86_400_000;
const dataDir = temporaryDirectory();
let running: RunningLedger;

beforeAll(async () => {
  running = await runLedger(dataDir);
});
afterAll(async () => {
  await running.stop();
  removeDirectory(dataDir);
});

const moveTo = (offsetMs: unknown): Promise<Response> =>
  fetch(`${running.ledger.adminUrl}/clock`, {
    method: 'POST',
    body: JSON.stringify({ offsetMs }),
    headers: { 'content-type': 'application/json' },
  });
/** Of the `Date` in an answer, whole seconds. */
const aheadMs = async (): Promise<number> => {
  const { headers } = await fetch(running.ledger.gatewayUrls[EAST] ?? '', { method: 'POST', body: '{}' });
  return Date.parse(headers.get('date') ?? '') - Date.now();
};

test('the clock that is moved shows in the Date of answers and in the stream, and does not go back', async () => {
  expect(Math.abs(await aheadMs())).toBeLessThan(60_000);
  expect((await moveTo(DAY_MS)).status).toBe(200);
  expect(Math.abs((await aheadMs()) - DAY_MS)).toBeLessThan(60_000);

  await putNew(running.east, 'us_a', 'p#1#000');
  await eventually('the stream has the item', async () => (await readShards(running, EAST)).flat().length === 1);
  const [record] = (await readShards(running, EAST)).flat();
  const createdMs = record?.dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0;
  expect(Math.abs(createdMs - DAY_MS - Date.now())).toBeLessThan(60_000);

  expect((await moveTo(DAY_MS - 1)).status).toBe(400);
  expect((await moveTo('soon')).status).toBe(400);
});

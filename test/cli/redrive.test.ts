// Owns the proof of what `redrive` shows, asks, moves and leaves, against two Regions' SQS.
// Leaves to test/proofs/poison.test.ts the real queue, worker and process.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Refused } from '../../cli/failures.ts';
import { baseload, startTwoRegions, type TwoRegions } from './two-regions.ts';

const [EAST, WEST] = ['us-east-1', 'us-west-2'] as const;
const settlement = (accountId: string) => JSON.stringify({ accountId, stream: `p#pay_${'a'.repeat(52)}` });

let regions: TwoRegions;
beforeEach(async () => {
  regions = await startTwoRegions();
});
afterEach(() => regions.stop());

const redrive = (...args: readonly string[]) => ['redrive', 'settlements', '--control', regions.control, ...args];

test('an empty queue says so in each Region, asks nothing and is no failure', async () => {
  expect(await baseload(redrive())).toEqual({
    code: 0,
    printed: [
      'us-east-1  nothing in the dead-letter queue of settlements',
      'us-west-2  nothing in the dead-letter queue of settlements',
    ],
    noted: [],
    asked: [],
  });
});

describe('what lies there', () => {
  beforeEach(() => regions.giveUp(EAST, [settlement('us_a'), 'poison', settlement('us_b'), settlement('us_a')]));

  test('a dry run shows it by cause and moves nothing, as often as it is asked for', async () => {
    for (const _time of [1, 2]) {
      expect(await baseload(redrive('--dry-run'))).toEqual({
        code: 0,
        printed: [
          'us-east-1  4 in the dead-letter queue of settlements; the oldest was sent 0 min ago',
          'us-east-1    3 readable: settle-payment failed on what they point to (us_a, us_b)',
          'us-east-1    1 unreadable: this version would fail on them again',
          'us-west-2  nothing in the dead-letter queue of settlements',
          'dry run: nothing was moved',
        ],
        noted: [],
        asked: [],
      });
      expect(regions.counts(EAST)).toEqual([0, 4]);
    }
  });

  test('is moved once somebody has agreed, with an audit line on stderr and in the data directory', async () => {
    const { code, printed, noted, asked } = await baseload(redrive());
    expect(asked).toEqual(['Move 4 back to settlements, 10 a second in each Region?']);
    expect([code, printed.at(-1)]).toEqual([0, 'us-east-1  4 moved back to settlements']);
    expect(regions.counts(EAST)).toEqual([4, 0]);
    expect(noted.map((line) => JSON.parse(line))).toEqual([
      {
        audit: 'redrive',
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        by: expect.any(String),
        target: 'local',
        jurisdiction: 'us',
        region: EAST,
        queue: 'settlements',
        count: 4,
        perSecond: 10,
      },
    ]);
    expect(readFileSync(join(regions.dataDir, 'logs', 'audit.jsonl'), 'utf8')).toBe(`${noted[0]}\n`);
    expect((await baseload(redrive())).printed[0]).toBe('us-east-1  nothing in the dead-letter queue of settlements');
  });

  test('stays when the answer is no', async () => {
    const no = new Refused('not confirmed: nothing was changed');
    expect(await baseload(redrive(), no)).toMatchObject({
      code: 1,
      noted: ['baseload: not confirmed: nothing was changed'],
    });
    expect(regions.counts(EAST)).toEqual([0, 4]);
  });

  test('of another Region stays when one is named', async () => {
    await regions.giveUp(WEST, [settlement('us_c')]);
    expect((await baseload(redrive('--yes', '--region', WEST))).code).toBe(0);
    expect([regions.counts(EAST), regions.counts(WEST)]).toEqual([
      [0, 4],
      [1, 0],
    ]);
  });

  test('is moved although the other Region is down, which is said, and exit 1', async () => {
    await regions.stopRegion(WEST);
    const { code, noted } = await baseload(redrive('--yes'));
    expect([code, noted.at(-1)]).toEqual([1, expect.stringMatching(/^baseload: us-west-2: .*ECONNREFUSED/)]);
    expect(regions.counts(EAST)).toEqual([4, 0]);
  });

  test('a redrive under way is shown and followed to its end, never doubled', async () => {
    await startMoving(2);
    const { code, printed, noted, asked } = await baseload(redrive());
    expect(printed[0]).toMatch(/^us-east-1 {2}a redrive is under way: \d of 4 moved$/);
    expect([code, printed.at(-1), noted, asked]).toEqual([0, 'us-east-1  4 moved back to settlements', [], []]);
    expect(regions.counts(EAST)).toEqual([4, 0]);
  });

  test('is moved at the rate that is asked for', async () => {
    const startedMs = performance.now();
    await baseload(redrive('--yes', '--per-second', '2'));
    // The first at once, the fourth after a second and a half.
    expect(performance.now() - startedMs).toBeGreaterThan(1_500);
  });
});

const startMoving = async (perSecond: number): Promise<void> => {
  const { sqs } = (await (await fetch(`${regions.control}/api/wiring`)).json()) as { sqs: Record<string, string> };
  const client = new SQSClient({
    region: EAST,
    endpoint: sqs[EAST] ?? '',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'local' },
  });
  await client.send(
    new StartMessageMoveTaskCommand({
      SourceArn: `arn:aws:sqs:${EAST}:111111111111:baseload-us-settlements-dlq`,
      MaxNumberOfMessagesPerSecond: perSecond,
    }),
  );
  client.destroy();
};

// Owns the proof of what `deploy` shows, refuses, asks and waits for: one Region, its bake, then the other.
// Leaves to the drill bad-deploy and test/proofs/sound-deploy.test.ts canaries in real processes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { bake } from '../../cli/rollout/bake.ts';
import { RolloutInAws } from '../../cli/rollout/in-aws.ts';
import type { RingingSeen } from '../../cli/vantage/vantage.ts';
import { baseload } from './two-regions.ts';
import { watchedRegions } from './watched-regions.ts';

const regions = watchedRegions();
const [EAST, WEST] = ['us-east-1', 'us-west-2'] as const;
const { world } = regions;

beforeEach(() => {
  world.deployments = [];
  world.deploying = () => ({ status: 'Succeeded' });
  world.alarms = [];
  world.down.clear();
});

const BUNDLE = ['--function', 'payments', '--bundle', '/bundles/payments'] as const;
const run = (...args: readonly string[]) => baseload(['deploy', ...args, '--control', regions.control]);
const deployed = () => world.deployments.map(({ region }) => region);
const rings = (slug: string, tier: 'P0' | 'P1' | 'P2', region: string): void => {
  world.alarms = [...world.alarms, { slug, tier, region, state: 'ALARM', sinceMs: 0 }];
};

describe('deploy', () => {
  test('a dry run shows the order and changes nothing', async () => {
    expect(await run(...BUNDLE, '--dry-run')).toEqual({
      code: 0,
      printed: [
        'us-east-1  payments of us-east-1 from /bundles/payments, then 30 min of bake',
        'us-west-2  payments of us-west-2 from /bundles/payments, then 30 min of bake',
        'dry run: nothing was changed',
      ],
      noted: [],
      asked: [],
    });
    expect(deployed()).toEqual([]);
  });

  test('agreed to, one Region is deployed and baked before the other is touched, each with its audit line', async () => {
    const { code, printed, noted, asked } = await run(...BUNDLE, '--bake-minutes', '0');
    expect(asked).toEqual(['Deploy to us-east-1, then us-west-2?']);
    expect([code, ...printed.slice(2)]).toEqual([
      0,
      'us-east-1  deployed: it bakes for 0 min',
      'us-east-1  baked: its alarms were quiet',
      'us-west-2  deployed: it bakes for 0 min',
      'us-west-2  baked: its alarms were quiet',
    ]);
    expect(deployed()).toEqual([EAST, WEST]);
    const audits = noted.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    expect(audits).toMatchObject([
      { audit: 'deploy', region: EAST, outcome: 'deployed' },
      { audit: 'deploy', region: WEST, outcome: 'deployed' },
    ]);
    expect(readFileSync(join(regions.dataDir, 'logs', 'audit.jsonl'), 'utf8')).toContain('"audit":"deploy"');
  });

  test('an alarm that rings while the first Region bakes keeps the second one as it is, and says the way back', async () => {
    world.deploying = (region) => {
      rings('lookups-latency', 'P1', region);
      return { status: 'Succeeded' };
    };
    const { code, noted } = await run(...BUNDLE, '--yes');
    expect(code).toBe(1);
    expect(noted.at(-1)).toBe(
      'baseload: alarms of us-east-1 ring while it bakes: lookups-latency; us-west-2 was not touched. The way back: deploy the bundle before with --region us-east-1, or start the run again: it begins with its assembly',
    );
    expect(deployed()).toEqual([EAST]);
  });

  test('a version that the first Region takes back does not reach the second', async () => {
    const error = { code: 'ALARM_ACTIVE', message: 'Activated alarms: payments-errors' } as const;
    world.deploying = () => ({ status: 'Stopped', error });
    const { code, noted } = await run(...BUNDLE, '--yes');
    expect(code).toBe(1);
    expect(noted.at(-1)).toBe(
      'baseload: us-east-1 took it back: Activated alarms: payments-errors; us-west-2 was not touched',
    );
    expect(JSON.parse(noted.at(-2) ?? '')).toMatchObject({ audit: 'deploy', region: EAST, outcome: 'not deployed' });
    expect(deployed()).toEqual([EAST]);
  });

  test('nothing is begun while alarms ring that would judge it, unless they are named', async () => {
    rings('payments-errors', 'P1', WEST);
    const { code, noted } = await run(...BUNDLE, '--yes', '--bake-minutes', '0');
    expect([code, noted]).toEqual([
      1,
      [
        'baseload: alarms of us-west-2 ring already (payments-errors): they could not tell a bad version. Mend that first, or add --despite payments-errors',
      ],
    ]);
    expect(deployed()).toEqual([]);
    expect((await run(...BUNDLE, '--yes', '--bake-minutes', '0', '--despite', 'payments-errors')).code).toBe(0);
  });

  test('an alarm of P2, and that of the rollback before, hold nothing back', async () => {
    rings('sweep-errors', 'P2', EAST);
    rings('deployment-rolled-back', 'P1', EAST);
    expect((await run(...BUNDLE, '--yes', '--bake-minutes', '0')).code).toBe(0);
  });

  test('one Region is deployed while the other is down', async () => {
    world.down.add(EAST);
    const { code } = await run(...BUNDLE, '--yes', '--region', WEST, '--bake-minutes', '0');
    expect([code, deployed()]).toEqual([0, [WEST]]);
  });

  test.each([
    [['--bake-minutes', 'long', ...BUNDLE], /'long' is invalid.*whole minutes from 0 to 1440/],
    [
      ['--function', 'payments'],
      /with --target local name what is deployed: --function <slug> and --bundle <directory>/,
    ],
    [['--target', 'aws', ...BUNDLE], /--function and --bundle are for --target local/],
    [['--region', 'eu-west-1', ...BUNDLE], /Region eu-west-1 is not there: name one of us-east-1, us-west-2/],
  ])('%j is refused in one line', async (args, line) => {
    const { code, noted } = await run(...args);
    expect(code).toBe(2);
    expect(noted).toEqual([expect.stringMatching(line)]);
  });
});

describe('the bake', () => {
  const MINUTE_MS = 60_000;
  const baking = (see: (minute: number) => readonly RingingSeen[], minutes = 10) => {
    let nowMs = 0;
    const seen: number[] = [];
    const done = bake({
      region: EAST,
      minutes,
      despite: ['clock-skew'],
      vantage: { ringing: async () => see(nowMs / MINUTE_MS) },
      nowMs: async () => {
        nowMs += MINUTE_MS;
        return nowMs;
      },
      progress: { update: (seconds) => seen.push(seconds) },
      lookAgainMs: 0,
    });
    return { done, minute: () => nowMs / MINUTE_MS, seen };
  };
  const alarm = (slug: string): RingingSeen => ({ slug, tier: 'P1', sinceMs: 0 });

  test('takes its minutes of the target’s clock, and ends with a look', async () => {
    const { done, minute, seen } = baking(() => [alarm('clock-skew')]);
    await done;
    expect(minute()).toBe(11);
    expect(seen).toEqual([60, 120, 180, 240, 300, 360, 420, 480, 540]);
  });

  test('ends with the first alarm', async () => {
    const { done, minute } = baking((now) => (now > 4 ? [alarm('lookups-latency')] : []));
    await expect(done).rejects.toThrow('alarms of us-east-1 ring while it bakes: lookups-latency');
    expect(minute()).toBe(5);
  });

  test('does not take for quiet what nobody could see', async () => {
    const { done } = baking(() => {
      throw new Error('ECONNREFUSED');
    });
    await expect(done).rejects.toThrow('alarms of us-east-1 have not been seen for five minutes (ECONNREFUSED)');
    const late = baking((now) => {
      if (now > 8 && now < 13) throw new Error('ECONNREFUSED');
      return [];
    });
    await late.done;
    expect(late.minute()).toBe(13);
  });
});

describe('in AWS', () => {
  const rolloutOf = (despite: readonly string[], code = 0) => {
    const ran: string[] = [];
    const rollout = new RolloutInAws(
      { jurisdiction: 'us', regions: [EAST, WEST] },
      { config: 'baseload.config.json', yes: true, despite },
      async (command, args) => {
        ran.push([command, ...args].join(' '));
        return code;
      },
    );
    return { rollout, ran };
  };

  test('each Region gets its own stacks and no other’s; keys, vaults and ledger come once before', async () => {
    const { rollout, ran } = rolloutOf(['payments-errors', 'peer-unhealthy']);
    await rollout.before.run();
    await rollout.deploy(WEST);
    const rest =
      '--exclusively --context config=baseload.config.json --context ignore-alarms=payments --require-approval never';
    expect(ran).toEqual([
      `npx cdk deploy baseload-us-keys-us-east-1 baseload-us-keys-us-west-2 baseload-us-vault-us-east-1 baseload-us-vault-us-west-2 baseload-us-ledger ${rest}`,
      `npx cdk deploy baseload-us-alarms-us-west-2 baseload-us-region-us-west-2 ${rest}`,
    ]);
  });

  test('a deployment that CloudFormation took back is refused', async () => {
    await expect(rolloutOf([], 1).rollout.deploy(EAST)).rejects.toThrow(
      'cdk deploy ended with 1: see what it says above',
    );
  });
});

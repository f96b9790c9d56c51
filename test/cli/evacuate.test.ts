// Owns the proof of what `evacuate` and `readmit` show, refuse, ask and wait for, against the tables of two Regions.
// Leaves to test/proofs/evacuation.test.ts DNS, checkers and running Regions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { baseload } from './two-regions.ts';
import { watchedRegions } from './watched-regions.ts';

const regions = watchedRegions();
const [EAST, WEST] = ['us-east-1', 'us-west-2'] as const;

beforeEach(async () => {
  regions.world.unhealthy.clear();
  regions.world.dnsStands = false;
  await regions.stateIn(EAST).setEvacuated(WEST, false);
  await regions.stateIn(WEST).setEvacuated(EAST, false);
});

const run = (...args: readonly string[]) => baseload([...args, '--control', regions.control]);
const isOut = () => regions.stateIn(WEST).isEvacuated(EAST);

describe('evacuate', () => {
  test('a dry run shows both Regions and changes nothing', async () => {
    expect(await run('evacuate', EAST, '--dry-run')).toEqual({
      code: 0,
      printed: [
        'us-east-1  is not evacuated',
        'us-west-2  is healthy and would serve its payers',
        'dry run: nothing was changed',
      ],
      noted: [],
      asked: [],
    });
    expect(await isOut()).toBe(false);
  });

  test('agreed to, it is recorded in the peer alone, with an audit line, and DNS is waited for', async () => {
    const { code, printed, noted, asked } = await run('evacuate', EAST);
    expect(asked).toEqual(['Take us-east-1 out of DNS, so that its payers go to us-west-2 within a minute?']);
    expect([code, printed.at(-1)]).toEqual([0, 'us-east-1  DNS has left it: payers near it are led to us-west-2']);
    expect(noted.map((line) => JSON.parse(line))).toMatchObject([
      { audit: 'evacuate', target: 'local', jurisdiction: 'us', region: EAST, through: WEST },
    ]);
    expect(readFileSync(join(regions.dataDir, 'logs', 'audit.jsonl'), 'utf8')).toContain('"audit":"evacuate"');
    expect(await isOut()).toBe(true);
    expect(await regions.stateIn(EAST).isEvacuated(EAST)).toBe(false);
  });

  test('once more changes nothing, asks nothing and leaves no line', async () => {
    await run('evacuate', EAST, '--yes');
    expect(await run('evacuate', EAST)).toEqual({
      code: 0,
      printed: [
        'us-east-1  us-west-2 holds it to be evacuated already',
        'us-west-2  is healthy and would serve its payers',
        'us-east-1  DNS has left it: payers near it are led to us-west-2',
      ],
      noted: [],
      asked: [],
    });
  });

  test('not agreed to, nothing is recorded', async () => {
    const answer = new Error('no');
    expect((await baseload(['evacuate', EAST, '--control', regions.control], answer)).code).toBe(1);
    expect(await isOut()).toBe(false);
  });

  test('the last healthy Region stays, unless forced, and the line says by what', async () => {
    regions.world.unhealthy.add(WEST);
    const why = 'us-west-2 is not healthy (0 of 16 checkers find it healthy)';
    expect(await run('evacuate', EAST, '--yes')).toMatchObject({
      code: 1,
      noted: [`baseload: payers would have no Region: ${why}. Add --force if they are better off so`],
    });
    expect(await isOut()).toBe(false);
    const { code, noted, asked } = await run('evacuate', EAST, '--force', '--dry-run');
    expect([code, noted, asked]).toEqual([0, [], []]);
    await regions.stateIn(WEST).setEvacuated(EAST, false);
    regions.world.unhealthy.clear();
    await regions.stateIn(EAST).setEvacuated(WEST, true);
    expect((await run('evacuate', EAST, '--yes')).noted).toEqual([
      'baseload: payers would have no Region: us-west-2 is evacuated itself. Add --force if they are better off so',
    ]);
  });

  test('a Region that is down is evacuated: only its peer is written to', async () => {
    regions.world.unhealthy.add(EAST);
    regions.world.down.add(EAST);
    const { code, printed } = await run('evacuate', EAST, '--yes');
    expect([code, printed.at(-1)]).toEqual([0, 'us-east-1  DNS has left it: payers near it are led to us-west-2']);
    regions.world.down.clear();
  });
});

describe('readmit', () => {
  test('takes the record away, with an audit line, and waits for DNS', async () => {
    await regions.stateIn(WEST).setEvacuated(EAST, true);
    const { code, printed, noted, asked } = await run('readmit', EAST);
    expect(asked).toEqual(['Bring us-east-1 back into DNS?']);
    expect([code, printed]).toEqual([
      0,
      [
        'us-east-1  us-west-2 holds it to be evacuated',
        'us-east-1  is healthy',
        'us-east-1  DNS answers with it: payers near it are led to it',
      ],
    ]);
    expect(noted.map((line) => JSON.parse(line))).toMatchObject([{ audit: 'readmit', region: EAST, through: WEST }]);
    expect(await isOut()).toBe(false);
  });

  test('one that is not evacuated is left as it is', async () => {
    expect(await run('readmit', EAST)).toMatchObject({ code: 0, noted: [], asked: [] });
  });

  test('one that is not healthy is not waited for', async () => {
    await regions.stateIn(WEST).setEvacuated(EAST, true);
    regions.world.unhealthy.add(EAST);
    const { code, printed } = await run('readmit', EAST, '--yes');
    expect([code, printed.at(-1)]).toEqual([0, 'us-east-1  DNS takes it back once it is healthy']);
    expect(await isOut()).toBe(false);
  });
});

test('DNS that does not follow within two minutes is said, and the record stays', async () => {
  regions.world.dnsStands = true;
  let passedMs = 0;
  const { code, noted } = await baseload(['evacuate', EAST, '--yes', '--control', regions.control], 'yes', () => {
    passedMs += 30_000;
    return Date.now() + passedMs;
  });
  expect([code, noted.at(-1)]).toEqual([
    1,
    'baseload: it is recorded, but after 120 s DNS leads payers near us-east-1 to us-east-1: see docs/runbooks/region-unhealthy.md',
  ]);
  expect(await isOut()).toBe(true);
});

test('an unknown Region is a wrong command line', async () => {
  expect(await run('evacuate', 'mars-north-1')).toMatchObject({
    code: 2,
    noted: ['baseload: Region mars-north-1 is not there: name one of us-east-1, us-west-2'],
  });
});

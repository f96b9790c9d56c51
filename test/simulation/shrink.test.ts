// Owns the proof that a failing seed shrinks to a few of its steps that still fail the same way, and that these replay exactly.
// Leaves the run itself to shrunk-seed.ts, in a process of its own.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ended } from '../processes/ended.ts';
import type { ShrunkSeed } from './shrunk-seed.ts';

/** Some four seconds of one core; a machine that does other things beside it needs more. */
const PATIENCE_MS = 120_000;
const INVARIANT = 'same key, same answer';

describe('a seed that a planted bug makes fail', () => {
  let shrunk: ShrunkSeed;
  beforeAll(async () => {
    const { code, stdout, stderr } = await ended('test/simulation/shrunk-seed.ts', []);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    shrunk = JSON.parse(stdout) as ShrunkSeed;
  }, PATIENCE_MS);

  test('shrinks to the three of its steps that show the bug: an account, a payment, its key again', () => {
    const { failed, smallest } = shrunk;
    expect(failed.steps.length).toBeGreaterThan(20);
    expect(failed.invariants).toContain(INVARIANT);
    expect(smallest.steps).toMatchObject([
      { step: 'command', command: { kind: 'open' } },
      { step: 'command', command: { kind: 'pay' } },
      { step: 'again' },
    ]);
    expect(failed.steps).toEqual(expect.arrayContaining([...smallest.steps]));
  });

  test('breaks the same invariant when shrunk, and no step of it can be left out', () => {
    const { smallest, withoutOne } = shrunk;
    expect(smallest.invariants).toContain(INVARIANT);
    expect(withoutOne.map(({ steps, invariants }) => [steps.length, invariants.includes(INVARIANT)])).toEqual([
      [2, false],
      [2, false],
      [2, false],
    ]);
  });

  test('goes the same way when shrunk and run again, line by line', () => {
    const { smallest, again, isSameTrace } = shrunk;
    expect(again).toEqual(smallest);
    expect(isSameTrace).toBe(true);
  });

  test('keeps every promise when shrunk and run without the bug', () => {
    expect(shrunk.sound.invariants).toEqual([]);
  });

  test('stays as it is when no run may be spent on shrinking it', () => {
    expect(shrunk.shrunkInNoRuns).toEqual(shrunk.failed);
  });
});

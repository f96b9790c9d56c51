// Owns what the checkpoint of a rebuild must do, whichever store holds it.
import { expect, test } from '@jest/globals';
import type { Rehydrations, SegmentProgress } from '../../lambdas/ports/rehydration.ts';

const START: SegmentProgress = { kind: 'start' };
const DONE: SegmentProgress = { kind: 'done' };
const at = (cursor: string): SegmentProgress => ({ kind: 'at', cursor });

/** `open` gives an empty store on every call. */
export const rehydrationsContract = (open: () => Promise<Rehydrations>): void => {
  test('a view that was never looked after has no checkpoint', async () => {
    expect(await (await open()).read()).toBeUndefined();
  });

  test('a run begins once, goes on segment by segment, and ends when all are done', async () => {
    const rows = await open();
    expect(await rows.begin('new-view', 1_000, 'none')).toBe(true);
    expect(await rows.begin('new-view', 1_001, 'none')).toBe(false);
    const run = { startedAtMs: 1_000 };
    expect(await rows.advance(run, 2, { from: START, to: at('c1'), applied: 5, corrupt: 1 })).toBe(true);
    expect(await rows.read()).toEqual({
      state: 'rehydrating',
      reason: 'new-view',
      startedAtMs: 1_000,
      factsApplied: 5,
      factsCorrupt: 1,
      segments: [START, START, at('c1'), START],
    });
    await rows.finish(run);
    expect((await rows.read())?.state).toBe('rehydrating');
    expect(await rows.advance(run, 2, { from: at('c1'), to: DONE, applied: 1, corrupt: 0 })).toBe(true);
    for (const segment of [0, 1, 3]) {
      expect(await rows.advance(run, segment, { from: START, to: DONE, applied: 1, corrupt: 0 })).toBe(true);
    }
    await rows.finish({ startedAtMs: 999 });
    expect((await rows.read())?.state).toBe('rehydrating');
    await rows.finish(run);
    expect(await rows.read()).toMatchObject({ state: 'current', factsApplied: 9, segments: [DONE, DONE, DONE, DONE] });
  });

  test('of two workers at the same page one moves the cursor', async () => {
    const rows = await open();
    await rows.begin('asked', 1_000, 'none');
    const step = { from: START, to: at('c1'), applied: 5, corrupt: 0 };
    const moved = await Promise.all([1, 2].map(() => rows.advance({ startedAtMs: 1_000 }, 0, step)));
    expect(moved.sort()).toEqual([false, true]);
    expect((await rows.read())?.factsApplied).toBe(5);
  });

  test('a gap replaces a run that began before what was missed was written, and no other', async () => {
    const rows = await open();
    expect(await rows.begin('stream-gap', 1_000, { startedBeforeMs: 400 })).toBe(true);
    expect(await rows.begin('stream-gap', 1_010, { startedBeforeMs: 410 })).toBe(false);
    expect(await rows.begin('stream-gap', 2_000, { startedBeforeMs: 1_400 })).toBe(true);
    expect(await rows.advance({ startedAtMs: 1_000 }, 0, { from: START, to: DONE, applied: 1, corrupt: 0 })).toBe(
      false,
    );
    expect(await rows.read()).toMatchObject({ startedAtMs: 2_000, factsApplied: 0 });
  });

  test('an operator joins a run under way, and begins one over a view that is whole', async () => {
    const rows = await open();
    await rows.declareCurrent(1_000, 7);
    expect(await rows.read()).toMatchObject({ state: 'current', reason: 'new-view', factsApplied: 7 });
    expect(await rows.begin('asked', 2_000, 'done')).toBe(true);
    expect(await rows.begin('asked', 3_000, 'done')).toBe(false);
    await rows.declareCurrent(4_000, 0);
    expect(await rows.read()).toMatchObject({ state: 'rehydrating', reason: 'asked', startedAtMs: 2_000 });
  });
};

// The six examples of the CloudWatch user guide, "Suppressing composite alarm actions": a wait of 2, an extension of 3.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Hold, hold, NOT_HELD } from '../../../local/cloudwatch/suppressor.ts';

interface Told {
  /** Times at which the alarm changes between OK and ALARM; OK at first. */
  readonly alarm: readonly number[];
  /** The same of its suppressor. */
  readonly suppressor: readonly number[];
}

/** `t4 ALARM` for each time that actions are taken. */
const acted = ({ alarm, suppressor }: Told, waitMs = 2, extensionMs = 3): readonly string[] => {
  const taken: string[] = [];
  let held: Hold = NOT_HELD;
  const changesUntil = (times: readonly number[], nowMs: number): number => times.filter((at) => at <= nowMs).length;
  for (let nowMs = 0; nowMs <= 20; nowMs++) {
    const suppressorRings = changesUntil(suppressor, nowMs) % 2 === 1;
    const changed = alarm.includes(nowMs);
    const after = hold(held, { nowMs, changed, suppressorRings, waitMs, extensionMs });
    held = after.hold;
    if (after.acts) taken.push(`t${nowMs} ${changesUntil(alarm, nowMs) % 2 === 1 ? 'ALARM' : 'OK'}`);
  }
  return taken;
};

test.each<[string, Told, readonly string[]]>([
  ['1: not suppressed after the wait', { alarm: [2], suppressor: [] }, ['t4 ALARM']],
  ['2: suppressed before the wait ends', { alarm: [2], suppressor: [3] }, []],
  ['3: a change during the wait begins another', { alarm: [2, 3], suppressor: [] }, ['t5 OK']],
  ['4: the suppressor rings already', { alarm: [2], suppressor: [1] }, []],
  ['5: not suppressed after the extension', { alarm: [2], suppressor: [3, 6] }, ['t9 ALARM']],
  ['6: a change during the extension begins a wait', { alarm: [2, 7], suppressor: [3, 6] }, ['t9 OK']],
])('example %s', (_what, told, expected) => {
  expect(acted(told)).toEqual(expected);
});

test('a suppressor that comes and goes over an alarm that does not change says nothing', () => {
  expect(acted({ alarm: [], suppressor: [3, 6] })).toEqual([]);
  expect(acted({ alarm: [1], suppressor: [8, 12] })).toEqual(['t3 ALARM']);
});

test('without wait and suppressor every change is told at once', () => {
  expect(acted({ alarm: [2, 5], suppressor: [] }, 0, 0)).toEqual(['t2 ALARM', 't5 OK']);
});

const times = fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 6 }).map((all) => all.sort((a, b) => a - b));

test('nothing is said while the suppressor rings, and the last state is always told in the end', () => {
  fc.assert(
    fc.property(times, times, (alarm, someTimes) => {
      const suppressor = someTimes.slice(0, someTimes.length - (someTimes.length % 2));
      const taken = acted({ alarm, suppressor });
      for (const one of taken) {
        const atMs = Number(/^t(\d+)/.exec(one)?.[1]);
        expect(suppressor.filter((at) => at <= atMs).length % 2).toBe(0);
      }
      if (alarm.length > 0) expect(taken.at(-1)).toMatch(alarm.length % 2 === 1 ? / ALARM$/ : / OK$/);
    }),
  );
});

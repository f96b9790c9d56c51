// Owns the proof of when dead letters go back by themselves, minute by minute of a trouble and its end.
import { describe, expect, test } from '@jest/globals';
import type { AlarmState } from '../../../lambdas/ports/alarm-states.ts';
import { judgeLetters, type LettersCase } from '../../../lambdas/redrive/judge-letters.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RANG = 1_000 * HOUR;

const alarm = (name: string, state: AlarmState['state'], sinceMs: number): AlarmState => ({ name, state, sinceMs });
const LONG_OK = alarm('breaker-opened', 'OK', RANG - 90 * HOUR);
const letters = (changes: Partial<LettersCase> = {}): LettersCase => ({
  nowMs: RANG + 30 * MINUTE,
  alarm: alarm('settlements-dead-letters', 'ALARM', RANG),
  troubles: [alarm('settle-payment-errors', 'OK', RANG + 10 * MINUTE), LONG_OK],
  deployment: undefined,
  moved: undefined,
  backWithinMs: 60 * HOUR,
  ...changes,
});
const judged = (changes: Partial<LettersCase> = {}): string => {
  const verdict = judgeLetters(letters(changes));
  return verdict.kind === 'due' ? `due: ${verdict.recovered}` : verdict.kind;
};

describe('the trouble', () => {
  test('is over for a quarter of an hour: they go back', () => {
    expect(judged()).toBe('due: settle-payment-errors is OK again');
    expect(judged({ nowMs: RANG + 25 * MINUTE })).toBe('due: settle-payment-errors is OK again');
  });

  test('is over for less: not yet, a queue may hide what still fails', () => {
    expect(judged({ nowMs: RANG + 25 * MINUTE - 1 })).toBe('not-yet');
  });

  test('ended just before the alarm on the letters rang, which looks once a minute', () => {
    expect(judged({ troubles: [alarm('settle-payment-errors', 'OK', RANG - 15 * MINUTE)] })).toMatch(/^due/);
    expect(judged({ troubles: [alarm('settle-payment-errors', 'OK', RANG - 15 * MINUTE - 1)] })).toBe('not-yet');
  });

  test('goes on, or nobody knows: not yet', () => {
    const errors = alarm('settle-payment-errors', 'OK', RANG + 10 * MINUTE);
    expect(judged({ troubles: [errors, alarm('breaker-opened', 'ALARM', RANG - HOUR)] })).toBe('not-yet');
    expect(judged({ troubles: [errors, alarm('breaker-opened', 'INSUFFICIENT_DATA', RANG - HOUR)] })).toBe('not-yet');
    expect(judged({ troubles: [errors, undefined] })).toBe('not-yet');
  });

  test('was none that anybody saw: a message that cannot be worked waits for a new version of its worker', () => {
    const deployment = { slug: 'settle-payment', status: 'Succeeded', startedAtMs: RANG + 5 * MINUTE };
    expect(judged({ troubles: [LONG_OK] })).toBe('not-yet');
    expect(judged({ troubles: [LONG_OK], deployment })).toBe('due: a new version of settle-payment is live');
    expect(judged({ troubles: [LONG_OK], deployment: { ...deployment, status: 'InProgress' } })).toBe('not-yet');
    expect(judged({ troubles: [LONG_OK], deployment: { ...deployment, status: 'Stopped' } })).toBe('not-yet');
    expect(judged({ troubles: [LONG_OK], deployment: { ...deployment, startedAtMs: RANG - HOUR } })).toBe('not-yet');
  });
});

describe('no letters, or nobody knows', () => {
  test('is nothing to do', () => {
    expect(judged({ alarm: alarm('settlements-dead-letters', 'OK', RANG) })).toBe('none');
    expect(judged({ alarm: undefined })).toBe('none');
  });
});

describe('after a redrive', () => {
  const moved = { startedAtMs: RANG + 30 * MINUTE, seenAtMs: RANG + 30 * MINUTE, isRunning: false };
  const ringsSince = (sinceMs: number) => alarm('settlements-dead-letters', 'ALARM', sinceMs);

  test('the alarm has an hour to see that they are gone, and as long as they are being moved', () => {
    expect(judged({ moved, nowMs: RANG + 89 * MINUTE })).toBe('under-way');
    expect(judged({ moved, nowMs: RANG + 90 * MINUTE })).toBe('came-back');
    expect(judged({ moved: { ...moved, isRunning: true }, nowMs: RANG + 9 * HOUR })).toBe('under-way');
  });

  test('letters that are there again are never moved again, whatever was mended meanwhile', () => {
    const since = RANG + 50 * MINUTE;
    const mended = {
      troubles: [alarm('settle-payment-errors', 'OK', since + MINUTE), LONG_OK],
      nowMs: since + 20 * MINUTE,
    };
    expect(judged({ moved, alarm: ringsSince(since), ...mended })).toBe('came-back');
    // Somebody looked at them, they were hidden for half a minute, and the alarm rings anew.
    const later = { alarm: ringsSince(since + 90 * HOUR), moved: { ...moved, seenAtMs: since + 89 * HOUR } };
    expect(judged({ ...later, ...mended, nowMs: since + 95 * HOUR })).toBe('came-back');
  });

  test('once they were gone for longer than any work waits, others have their own chance', () => {
    const since = moved.seenAtMs + 60 * HOUR + 1;
    const other = {
      alarm: ringsSince(since),
      troubles: [alarm('settle-payment-errors', 'OK', since)],
      nowMs: since + HOUR,
    };
    expect(judged({ moved, ...other })).toBe('due: settle-payment-errors is OK again');
    expect(judged({ moved: { ...moved, seenAtMs: moved.seenAtMs + 1 }, ...other })).toBe('came-back');
  });
});

import { expect, test } from '@jest/globals';
import { parseSchedule } from '../../../local/schedules/expression.ts';

const at = (iso: string): number => Date.parse(iso);
const next = (expression: string, after: string, created = '2026-11-01T00:00:30.000Z'): string =>
  new Date(parseSchedule(expression)(at(after), at(created))).toISOString();

test('a rate is counted from the schedule’s making, also after a restart', () => {
  expect(next('rate(5 minutes)', '2026-11-01T00:00:30.000Z')).toBe('2026-11-01T00:05:30.000Z');
  expect(next('rate(5 minutes)', '2026-11-01T00:07:00.000Z')).toBe('2026-11-01T00:10:30.000Z');
  expect(next('rate(1 hour)', '2026-11-03T10:00:00.000Z')).toBe('2026-11-03T10:00:30.000Z');
});

test.each([
  ['cron(0 6 1 * ? *)', '2026-11-02T12:00:00.000Z', '2026-12-01T06:00:00.000Z'],
  ['cron(30 6 1 * ? *)', '2026-11-01T06:00:00.000Z', '2026-11-01T06:30:00.000Z'],
  ['cron(0/15 8-9 ? * 2 *)', '2026-11-02T08:15:00.000Z', '2026-11-02T08:30:00.000Z'],
  ['cron(0 0 29 2 ? *)', '2026-11-02T12:00:00.000Z', '2028-02-29T00:00:00.000Z'],
])('%s after %s is %s', (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

test.each([
  ['rate(0 minutes)', 'schedule rate(0 minutes) is not understood: write rate(…) or cron(…)'],
  ['at(2026-11-02T00:00:00)', 'schedule at(2026-11-02T00:00:00) is not understood: write rate(…) or cron(…)'],
  ['cron(0 25 * * ? *)', 'schedule cron(0 25 * * ? *): "25" is not understood, it is 0 to 23'],
  ['cron(0 6 L * ? *)', 'schedule cron(0 6 L * ? *): "L" is not understood, it is 1 to 31'],
])('%s is refused', (expression, error) => {
  expect(() => parseSchedule(expression)).toThrow(error);
});

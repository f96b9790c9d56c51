import { describe, expect, test } from '@jest/globals';
import type { AlarmStatus } from '../../../local/cloudwatch/alarm-plan.ts';
import { alarmsOf, holds, parseRule } from '../../../local/cloudwatch/composite-rule.ts';

const STATES: Readonly<Record<string, AlarmStatus>> = { rings: 'ALARM', quiet: 'OK', silent: 'INSUFFICIENT_DATA' };
const isTrue = (rule: string): boolean => holds(parseRule(rule), (alarm) => STATES[alarm] ?? 'OK');

test.each([
  ['TRUE', true],
  ['FALSE', false],
  ['ALARM(rings)', true],
  ['ALARM("quiet")', false],
  ["OK('quiet')", true],
  ['INSUFFICIENT_DATA(silent)', true],
  ['ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:rings)', true],
  ['ALARM("arn:aws:cloudwatch:us-east-1:123456789012:alarm:quiet")', false],
  ['NOT ALARM(rings)', false],
  ['NOT NOT ALARM(rings)', true],
  ['ALARM(rings) OR ALARM(quiet) AND FALSE', true],
  ['(ALARM(rings) OR ALARM(quiet)) AND FALSE', false],
  ['NOT ALARM(quiet) AND ALARM(rings)', true],
  ['(ALARM("rings") AND (NOT (OK("rings") OR ALARM("silent"))))', true],
])('%s is %s', (rule, expected) => {
  expect(isTrue(rule)).toBe(expected);
});

test('it tells which alarms it looks at, by name', () => {
  expect(alarmsOf(parseRule('ALARM(a) AND NOT (OK("arn:aws:cloudwatch:r:1:alarm:b") OR TRUE)'))).toEqual(['a', 'b']);
});

describe('is refused:', () => {
  test.each([
    ['', /the rule ends where a condition should be$/],
    ['RINGS(a)', /^RINGS is not known in a rule$/],
    ['AT_LEAST(2, ALARM, (a, b))', /^AT_LEAST is not known in a rule$/],
    ['ALARM(a', /^expected \), got the end of the rule$/],
    ['ALARM(a) ALARM(b)', /^ALARM is one too many in the rule/],
    ['ALARM(a) XOR ALARM(b)', /^XOR is one too many in the rule/],
  ])('%s', (rule, message) => {
    expect(() => parseRule(rule)).toThrow(message);
  });
});

import { describe, expect, test } from '@jest/globals';
import { alarmStates, type HeardAlarms, noteAlarms, noteQuiet } from '../../local/control/alarm-states.ts';
import { Changes } from '../../local/screen/changes.ts';

const [EAST, WEST] = ['us-east-1', 'us-west-2'];
const ALARMS = [
  { name: 'n', slug: 'region-unhealthy', tier: 'P1', region: EAST },
  { name: 'n', slug: 'region-unhealthy', tier: 'P1', region: WEST },
] as const;
const shown = { slug: 'region-unhealthy', tier: 'P1' };

describe('the alarms in the state', () => {
  test('are as their Regions told them; of a Region that is gone nothing is known since it was heard last', () => {
    const heard: Readonly<Record<string, HeardAlarms>> = {
      [EAST]: { readings: [{ name: 'n', state: 'ALARM', sinceMs: 7_000 }], heardAtMs: 9_000 },
      [WEST]: { readings: [], heardAtMs: 8_000 },
    };
    expect(alarmStates(ALARMS, (region) => heard[region], 1_000)).toEqual([
      { ...shown, region: EAST, state: 'ALARM', sinceMs: 7_000 },
      { ...shown, region: WEST, state: 'INSUFFICIENT_DATA', sinceMs: 8_000 },
    ]);
  });

  test('have insufficient data since the start while no Region was heard of', () => {
    expect(alarmStates(ALARMS.slice(0, 1), () => undefined, 1_000)).toEqual([
      { ...shown, region: EAST, state: 'INSUFFICIENT_DATA', sinceMs: 1_000 },
    ]);
  });
});

test('of alarms that ring at once the worst tier is said first', () => {
  const said: string[] = [];
  const alarm = (slug: string, tier: 'P0' | 'P1' | 'P2') =>
    ({ slug, tier, region: EAST, state: 'ALARM', sinceMs: 0 }) as const;
  noteAlarms([alarm('c', 'P2'), alarm('a', 'P0'), alarm('b', 'P1')], (subject) => said.push(subject));
  expect(said).toEqual(['P0 a of us-east-1', 'P1 b of us-east-1', 'P2 c of us-east-1']);
});

test('a line says that an alarm rings, even as the first thing it does, and another that it has recovered', () => {
  const lines: string[] = [];
  const changes = new Changes((line) => lines.push(line));
  const note = (subject: string, now: string): void => changes.note(subject, now);
  noteQuiet(ALARMS, note);
  for (const state of ['INSUFFICIENT_DATA', 'ALARM', 'ALARM', 'INSUFFICIENT_DATA', 'ALARM', 'OK', 'OK'] as const)
    noteAlarms([{ ...shown, tier: 'P1', region: EAST, state, sinceMs: 0 }], note);
  expect(lines).toEqual([
    'P1 region-unhealthy of us-east-1: OK → ALARM',
    'P1 region-unhealthy of us-east-1: ALARM → OK',
  ]);
});

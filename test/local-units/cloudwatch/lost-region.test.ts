// Owns who is told of what: every alarm of the templates speaks once, by itself or through its group, and the loss of a Region is
// one page over both Regions, whatever else goes silent with it; on virtual time, with both Regions' real alarms.
// Leaves to suppressor.test.ts the waits, to template-alarms.test.ts each alarm's own time.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { METRICS } from '../../../lambdas/shared/metric-names.ts';
import { ALARMS } from '../../../lib/alarms/registry.ts';
import type { AlarmPlan } from '../../../local/cloudwatch/alarm-plan.ts';
import { alarmsOf, holds, parseRule } from '../../../local/cloudwatch/composite-rule.ts';
import { ALARM_FAULTS, type Measured } from './alarm-faults.ts';
import { Trial } from './alarm-trial.ts';
import { REGIONS, synthesizedAlarms } from './synthesized-alarms.ts';

const { alarms, outdir } = synthesizedAlarms();
afterAll(() => rmSync(outdir, { recursive: true }));
const [LOST, LEFT] = REGIONS;
const inRegion = (region: string): readonly AlarmPlan[] => alarms.filter((alarm) => alarm.region === region);

/** An action each: the enricher, or the topic itself. */
const told = (alarm: AlarmPlan): readonly string[] => alarm.actions.ALARM;

describe.each(ALARMS.map(({ slug, tier }) => [slug, tier] as const))('%s', (slug, tier) => {
  test(`speaks once, in ${tier}`, () => {
    const alarm = inRegion(LOST).find((one) => one.slug === slug);
    const groups = inRegion(LOST).filter(
      (one) =>
        one.kind === 'composite' &&
        one.name !== alarm?.name &&
        holds(parseRule(one.rule), (name) => (name === alarm?.name ? 'ALARM' : 'OK')),
    );
    const speakers = [...(alarm === undefined ? [] : [alarm]), ...groups].filter((one) => told(one).length > 0);
    expect(speakers.map((speaker) => [speaker.tier, told(speaker).length])).toEqual([[tier, 1]]);
    for (const speaker of speakers) expect(speaker.actions.OK).toEqual(speaker.actions.ALARM);
  });
});

test('parts and what only holds others back tell nobody', () => {
  const known: readonly string[] = ALARMS.map(({ slug }) => slug);
  const speaking = inRegion(LOST).filter((alarm) => told(alarm).length > 0);
  const strangers = speaking.filter(
    (alarm) =>
      !known.includes(alarm.slug) && (alarm.kind !== 'composite' || alarmsOf(parseRule(alarm.rule)).length === 0),
  );
  expect(strangers.map(({ slug }) => slug)).toEqual([]);
});

/** What every alarm's own metrics are while all is well. */
const well = (alarm: AlarmPlan, minute: number): Measured => {
  const entry = ALARMS.find(
    ({ slug, parts }) => slug === alarm.slug || parts?.some((part) => `${slug}-${part}` === alarm.slug),
  );
  return entry === undefined ? {} : (ALARM_FAULTS.get(entry.slug)?.well(minute) ?? {});
};

describe('a Region is lost for half an hour: nothing is measured in it, and its peer finds it silent', () => {
  const said: string[] = [];

  beforeAll(() => {
    const trials = new Map(REGIONS.map((region) => [region, new Trial(inRegion(region))]));
    const pass = (minutes: number, isLost: boolean): void => {
      for (let minute = 0; minute < minutes; minute++)
        for (const [region, trial] of trials)
          trial.pass((alarm) => {
            const measured = well(alarm, trial.minutes);
            if (!isLost) return measured;
            if (region === LOST) return {};
            const { [METRICS.replicationLagMs]: _silent, ...rest } = measured;
            return METRICS.peerHealthy in rest ? { ...rest, [METRICS.peerHealthy]: [0] } : rest;
          });
    };
    // Enough for bands of five minutes to be known.
    pass(120, false);
    for (const trial of trials.values()) trial.notifications.splice(0);
    pass(30, true);
    pass(60, false);
    for (const trial of trials.values())
      for (const { slug, tier, region, status } of trial.notifications)
        said.push(`${tier} ${slug} of ${region}: ${status}`);
  });

  const inTier = (tier: string, status: string): readonly string[] =>
    said.filter((line) => line.startsWith(`${tier} `) && line.endsWith(`: ${status}`));

  test('one page over both Regions, by the Region that is left', () => {
    expect(inTier('P0', 'ALARM')).toEqual([`P0 peer-unhealthy-page of ${LEFT}: ALARM`]);
  });

  test('beside it one urgent ticket, by the Region that is lost', () => {
    expect(inTier('P1', 'ALARM')).toEqual([`P1 region-unhealthy of ${LOST}: ALARM`]);
    expect(inTier('P2', 'ALARM')).toEqual([]);
  });

  test('both are told when it is over', () => {
    expect(inTier('P0', 'OK')).toContain(`P0 peer-unhealthy-page of ${LEFT}: OK`);
    expect(inTier('P1', 'OK')).toContain(`P1 region-unhealthy of ${LOST}: OK`);
  });
});

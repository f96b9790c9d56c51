// Owns the proof that every alarm of the real templates rings for its fault and recovers, on virtual time.
// Leaves to test/proofs/alarms.test.ts that the metrics come from running Regions.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { DOWNSTREAMS, METRICS } from '../../../lambdas/shared/metric-names.ts';
import { functionName, SLUGS } from '../../../lambdas/shared/names.ts';
import { buildAppAndStacks } from '../../../lib/app.ts';
import { readConfig } from '../../../lib/config.ts';
import { readAlarms } from '../../../local/assembly/alarms.ts';
import { readStacks } from '../../../local/assembly/cloud-assembly.ts';
import { readQueues } from '../../../local/assembly/event-sources.ts';
import { Resources } from '../../../local/assembly/resources.ts';
import type { MetricAlarmPlan } from '../../../local/cloudwatch/alarm-plan.ts';
import { virtualWatch } from './alarms.ts';

const outdir = mkdtempSync(join(tmpdir(), 'baseload-alarms-'));
afterAll(() => rmSync(outdir, { recursive: true }));
buildAppAndStacks({ config: readConfig('baseload.config.json'), assets: 'stub', outdir }).app.synth();
const resources = Resources.of(readStacks(outdir, 'us'));
// Functions are stubs here, without an asset that could be read: their names are enough.
const regions = ['us-east-1', 'us-west-2'].map((region) => ({
  region,
  functions: SLUGS.map((slug) => ({ name: functionName('us', slug) })),
  queues: readQueues(resources.in(region), 'us'),
  streamSources: [{ functionName: functionName('us', 'project-facts') }],
}));
const alarms = readAlarms(resources, 'us', regions).filter(({ region }) => region === 'us-east-1');
const metricAlarms = alarms.filter((alarm) => alarm.kind === 'metric');

const metricsOf = ({ queries }: MetricAlarmPlan) =>
  queries.flatMap((query) => (query.kind === 'metric' ? [query.metric] : []));
const ringsLow = ({ comparison }: MetricAlarmPlan): boolean => comparison.startsWith('Less');

/** Seconds from the fault until the alarm rings, and from its end until it is quiet; undefined: not in a quarter of an hour. */
const faulted = (alarm: MetricAlarmPlan, badValue: number | undefined) => {
  const [metric] = metricsOf(alarm);
  const fine = ringsLow(alarm) ? alarm.threshold + 1 : 0;
  const { runUntil, watch } = virtualWatch([alarm]);
  const secondsUntil = (state: string, fromSeconds: number, value: number | undefined): number | undefined => {
    for (let at = fromSeconds + 5; at <= fromSeconds + 900; at += 5) {
      runUntil(at, value, metric);
      if (watch.readings()[0]?.state === state) return at - fromSeconds;
    }
    return undefined;
  };
  runUntil(600, fine, metric);
  expect(watch.readings()[0]?.state).toBe('OK');
  const fires = secondsUntil('ALARM', 600, badValue);
  return { fires, clears: fires === undefined ? undefined : secondsUntil('OK', 600 + fires, fine) };
};

test.each(metricAlarms.map((alarm) => [alarm.slug, alarm] as const))(
  '%s rings as soon as its periods are bad, and recovers as soon as enough are good',
  (_slug, alarm) => {
    const { fires, clears } = faulted(alarm, ringsLow(alarm) ? alarm.threshold - 1 : alarm.threshold + 1);
    const { periodSeconds, evaluationPeriods, datapointsToAlarm } = alarm;
    expect(fires).toBe(datapointsToAlarm * periodSeconds + 5);
    // The minute in which the fault ends may still be a bad one.
    expect(clears).toBeLessThanOrEqual((evaluationPeriods - datapointsToAlarm + 2) * periodSeconds);
  },
);

test.each(metricAlarms.map((alarm) => [alarm.slug, alarm] as const))('%s takes silence as it says', (_slug, alarm) => {
  const { fires } = faulted(alarm, undefined);
  expect(fires === undefined ? 'silent is fine' : 'silent is bad').toBe(
    alarm.missing === 'breaching' ? 'silent is bad' : 'silent is fine',
  );
});

test('a Region that says it is unhealthy rings after two minutes of it, and one that says nothing after four', () => {
  const unhealthy = metricAlarms.find(({ slug }) => slug === 'region-unhealthy');
  expect(unhealthy && faulted(unhealthy, 0)).toEqual({ fires: 125, clears: 120 });
  expect(unhealthy && faulted(unhealthy, undefined)).toMatchObject({ fires: 245 });
});

test('every metric of the handlers that an alarm looks at is one that they publish', () => {
  const published: readonly string[] = Object.values(METRICS);
  const looked = metricAlarms.flatMap(metricsOf).filter(({ namespace }) => namespace === 'Baseload');
  expect(looked.length).toBeGreaterThan(0);
  expect(looked.map(({ name }) => name).filter((name) => !published.includes(name))).toEqual([]);
  const downstreams: readonly string[] = DOWNSTREAMS;
  const unknown = looked.filter(({ dimensions: { downstream } }) => downstream && !downstreams.includes(downstream));
  expect(unknown).toEqual([]);
});

test('every alarm tells the topic of its tier when it rings and when it recovers', () => {
  const silent = alarms.filter(({ actions, tier }) =>
    [actions.ALARM, actions.OK].some((targets) => targets.length !== 1 || !targets[0]?.endsWith(`-alarms-${tier}`)),
  );
  expect(silent.map(({ slug }) => slug)).toEqual([]);
});

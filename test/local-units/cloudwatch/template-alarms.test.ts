// Owns the proof that every alarm of the real templates rings for its fault within the time that the template states, is quiet
// again when the fault is over, and takes silence as the registry says, on virtual time; docs/alarms.md shows how long each takes.
// Leaves to lost-region.test.ts who is told, to test/proofs/alarms.test.ts that the metrics come from running Regions.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { DOWNSTREAMS, METRICS } from '../../../lambdas/shared/metric-names.ts';
import { ALARMS } from '../../../lib/alarms/registry.ts';
import type { AlarmPlan } from '../../../local/cloudwatch/alarm-plan.ts';
import { ALARM_FAULTS, type AlarmFault } from './alarm-faults.ts';
import { tableOf } from './alarm-table.ts';
import { metricsOf, minutesBefore, minutesOfSilence, promisedBy, Trial, withParts } from './alarm-trial.ts';
import { synthesizedAlarms } from './synthesized-alarms.ts';

const { alarms: both, outdir } = synthesizedAlarms();
afterAll(() => rmSync(outdir, { recursive: true }));
const alarms = both.filter(({ region }) => region === 'us-east-1');
const PAGE = 'docs/alarms.md';

const planOf = (slug: string): AlarmPlan => {
  const plan = alarms.find((one) => one.slug === slug);
  if (plan === undefined) throw new Error(`the templates have no alarm ${slug}`);
  return plan;
};

const faultOf = (slug: string): AlarmFault => {
  const fault = ALARM_FAULTS.get(slug);
  if (fault === undefined)
    throw new Error(`nothing says what raises ${slug}: add its fault to test/local-units/cloudwatch/alarm-faults.ts`);
  return fault;
};

/** The alarm alone with its parts, after a while in which all is well. */
const begin = (plan: AlarmPlan, { well }: AlarmFault) => {
  const parts = withParts(plan, alarms);
  // Days are judged every ten minutes, so that they do not take minutes.
  const isOfDays = parts.some((part) => part.kind !== 'composite' && part.periodSeconds >= 86_400);
  const trial = new Trial(parts, isOfDays ? 10 : 1);
  const healthy = () => well(trial.minutes);
  const before = Math.max(...parts.map(minutesBefore));
  while (trial.minutes < before) trial.pass(healthy);
  expect(trial.stateOf(plan.name)).toBe('OK');
  return { trial, healthy, parts };
};

const rows = new Map<
  string,
  { readonly fires: number; readonly clears: number; readonly silent: number | undefined }
>();

describe.each(ALARMS.map(({ slug }) => slug))('%s', (slug) => {
  test('rings for its fault and recovers after it, in the time that its template states', () => {
    const fault = faultOf(slug);
    const plan = planOf(slug);
    const promised = promisedBy(plan, alarms);
    const { trial, healthy } = begin(plan, fault);
    const isSilence = Object.keys(fault.ill).length === 0;
    const mostSeconds = isSilence ? (promised.silent ?? 0) : promised.fires;
    const fires = trial.secondsUntil(plan.name, 'ALARM', () => fault.ill, Math.ceil(mostSeconds / 60) + 1);
    expect(fires).toBeLessThanOrEqual(mostSeconds);
    const comesAgain = Object.keys(healthy()).length > 0;
    const mostToClear = comesAgain ? promised.clears : promised.clearsInSilence;
    const clears = trial.secondsUntil(plan.name, 'OK', healthy, Math.ceil(mostToClear / 60) + 1);
    expect(clears).toBeLessThanOrEqual(mostToClear);
    rows.set(slug, { fires: Number(fires), clears: Number(clears), silent: rows.get(slug)?.silent });
  });

  test('takes silence as the registry says', () => {
    const plan = planOf(slug);
    const { silent: promised } = promisedBy(plan, alarms);
    const { trial, parts } = begin(plan, faultOf(slug));
    const minutes = Math.max(Math.ceil((promised ?? 0) / 60), ...parts.map(minutesOfSilence));
    const silent = trial.secondsUntil(plan.name, 'ALARM', () => ({}), minutes);
    if (promised === undefined) expect(silent).toBeUndefined();
    else expect(silent).toBeLessThanOrEqual(promised);
    const row = rows.get(slug);
    if (row !== undefined) rows.set(slug, { ...row, silent });
  });
});

test('no fault is left over from an alarm that is gone', () => {
  const slugs: readonly string[] = ALARMS.map(({ slug }) => slug);
  expect([...ALARM_FAULTS.keys()].filter((slug) => !slugs.includes(slug))).toEqual([]);
});

test('docs/alarms.md says how long each takes', () => {
  const page = tableOf(
    ALARMS.map((entry) => {
      const row = rows.get(entry.slug);
      if (row === undefined) throw new Error(`${entry.slug} was not measured`);
      return { ...entry, ...row, fault: faultOf(entry.slug).fault };
    }),
  );
  if (process.env.WRITE_ALARM_TABLE !== undefined) writeFileSync(PAGE, page);
  const said = readFileSync(PAGE, 'utf8');
  if (said !== page) throw new Error(`${PAGE} is not what was measured: write it anew with npm run alarm-table`);
});

test('every metric of the handlers that an alarm looks at is one that they publish', () => {
  const published: readonly string[] = Object.values(METRICS);
  const looked = alarms.flatMap(metricsOf).filter(({ namespace }) => namespace === 'Baseload');
  expect(looked.length).toBeGreaterThan(0);
  expect(looked.map(({ name }) => name).filter((name) => !published.includes(name))).toEqual([]);
  const downstreams: readonly string[] = DOWNSTREAMS;
  const unknown = looked.filter(({ dimensions: { downstream } }) => downstream && !downstreams.includes(downstream));
  expect(unknown).toEqual([]);
});

import { expect, test } from '@jest/globals';
import { page } from '../../drills/reports/page.ts';
import { reportOf } from '../../drills/reports/report.ts';
import { SCENARIOS } from '../../drills/scenarios/all.ts';
import { lossRecorded } from './recordings.ts';

const [regionLoss] = SCENARIOS;
if (regionLoss === undefined) throw new Error('no drill');
const report = reportOf(regionLoss, lossRecorded(), new Date('2026-11-21T10:00:00Z'), 61_000);

test('the timeline: buckets of two seconds, stretches of one state, faults and marks, from the first arrival', () => {
  const { buckets, faults, marks, strips } = report.timeline;
  expect(buckets.dns[1]).toEqual({ second: 2, acknowledged: 0.5, refused: 0, p50Ms: 100, p99Ms: 100 });
  expect(buckets.dns[6]).toEqual({ second: 12, acknowledged: 0, refused: 0.5, p50Ms: 18_000, p99Ms: 18_000 });
  expect(faults).toEqual([{ fromSecond: 10, untilSecond: 40, value: 'us-east-1 killed' }]);
  expect(marks).toEqual([{ second: 30, what: 'payers <served>' }]);
  expect(
    strips.map(({ title, stretches }) => [title, stretches.map((one) => [one.fromSecond, one.value, one.tone])]),
  ).toEqual([
    [
      'DNS answer',
      [
        [0, 'us-east-1', 'good'],
        [24, 'us-west-2', 'other'],
        [48, 'us-east-1', 'good'],
      ],
    ],
    [
      'us-east-1',
      [
        [0, 'healthy', 'good'],
        [10.5, 'down, checks say unhealthy', 'bad'],
        [41, 'healthy', 'good'],
      ],
    ],
    ['us-west-2', [[0, 'healthy', 'good']]],
    ['P0 peer-unhealthy, us-west-2', [[24, 'ALARM', 'bad']]],
  ]);
});

test('it has not passed when one promise is broken, or it was broken off', () => {
  expect(report.passed).toBe(false);
  expect(report.promises.filter(({ kept }) => !kept).map(({ measured, says }) => [says, measured])).toEqual([
    ['No payer is left without an answer', '1'],
    ['Nobody waits 30.0 s (DNS, kept connections)', 'not all were paid'],
  ]);
  const whole = { ...lossRecorded(), arrivals: lossRecorded().arrivals.filter(({ acknowledged }) => acknowledged) };
  const passing = reportOf(regionLoss, whole, new Date(0), 1);
  expect(passing.passed).toBe(true);
  expect(reportOf(regionLoss, { ...whole, broken: 'nobody was paid' }, new Date(0), 1).passed).toBe(false);
});

test('the page shows text as text, draws what it is given, and asks nobody for anything', () => {
  const html = page([report, { ...report, name: 'partition' }]);
  expect(html).toContain('payers &lt;served&gt;');
  expect(html).not.toContain('<served>');
  expect(html).not.toMatch(/\b(?:src|srcset)=|url\(|@import|<script|<link|https?:\/\//);
  expect(html).not.toMatch(/NaN|undefined|Infinity/);
  expect(html.match(/<svg /g)).toHaveLength(2);
  expect(html).toContain('by the model p50 18.6 s, p99 23.7 s');
  expect(html).toContain('P0 peer-unhealthy of us-west-2 after 25.0 s');
});

test('an alarm that rang after months by the run’s clock is told in days', () => {
  const [alarm] = report.measured.alarms;
  if (alarm === undefined) throw new Error('no alarm');
  const measured = { ...report.measured, alarms: [{ ...alarm, afterMs: 169 * 86_400_000 }] };
  expect(page([{ ...report, measured }])).toContain('P0 peer-unhealthy of us-west-2 after 169.0 days');
});

// Owns the proof that the function looks at alarms that exist: it finds them by slug, and one that is gone would stop every redrive.
import { expect, test } from '@jest/globals';
import { TROUBLES } from '../../../lambdas/redrive/create-redrive-handler.ts';
import { readAlarmName } from '../../../lambdas/shared/alarm-name.ts';
import { QUEUE_WORKERS, QUEUES } from '../../../lambdas/shared/names.ts';
import { alarmName } from '../../../lib/alarms/names.ts';
import { ALARMS } from '../../../lib/alarms/registry.ts';
import { readConfig } from '../../../lib/config.ts';

test('every alarm that a redrive depends on is in the registry', () => {
  const slugs: readonly string[] = ALARMS.map(({ slug }) => slug);
  for (const slug of TROUBLES) expect(slugs).toContain(slug);
  for (const queue of QUEUES) {
    expect(slugs).toContain(`${queue}-dead-letters`);
    expect(slugs).toContain(`${QUEUE_WORKERS[queue]}-errors`);
  }
});

test('the name of every alarm tells its slug and tier', () => {
  const config = readConfig('baseload.config.json');
  for (const { slug, tier } of ALARMS) expect(readAlarmName(alarmName(config, slug))).toEqual({ slug, tier });
  expect(readAlarmName('TargetTracking-table/other')).toBeUndefined();
});

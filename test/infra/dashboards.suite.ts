import { describe, expect, test } from '@jest/globals';
import { resourcesOf, stackNamed, synthesize } from './synthesized.ts';

const stacks = synthesize();
const dashboardsIn = (region: string) =>
  resourcesOf(stackNamed(stacks, `baseload-us-alarms-${region}`), 'AWS::CloudWatch::Dashboard').map(
    ({ Properties }) => ({ name: Properties.DashboardName, body: JSON.stringify(Properties.DashboardBody) }),
  );

describe('dashboards', () => {
  test('one a Region, and one for both, which the owner Region makes', () => {
    expect(dashboardsIn('us-east-1').map(({ name }) => name)).toEqual(['baseload-us-us-east-1', 'baseload-us']);
    expect(dashboardsIn('us-west-2').map(({ name }) => name)).toEqual(['baseload-us-us-west-2']);
  });

  test('a Region’s shows golden signals, queues, lag, seals, error budget and deployments, and every alarm by tier', () => {
    const [region] = dashboardsIn('us-west-2');
    for (const title of [
      'P0',
      'P1',
      'P2',
      'Failed share',
      'Latency, p99, ms',
      'Used share of what is reserved',
      'Traffic in five minutes',
      'Error budget: failed share in an hour',
      'Oldest message, s',
      'Dead letters',
      'Lag of projection and replication, ms',
      'Seals not verified',
      'Deployments taken back',
    ]) {
      expect(region?.body).toContain(`\\"title\\":\\"${title}\\"`);
    }
    expect(region?.body).toContain('ReplicationLagMs');
    expect(region?.body).not.toContain('us-east-1');
  });

  test('that of both draws each metric of each Region', () => {
    const global = dashboardsIn('us-east-1').find(({ name }) => name === 'baseload-us');
    const drawn = (region: string) => global?.body.split(`\\"label\\":\\"${region}\\"`).length;
    expect([drawn('us-east-1'), drawn('us-west-2')]).toEqual([11, 11]);
  });
});

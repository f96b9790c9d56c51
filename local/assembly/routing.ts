// Owns what DNS knows: records of the zone and the health checks they hang on.
// Leaves to local/route53 how a name is answered.
import type { HealthCheckPlan, RecordPlan } from './plan.ts';
import type { Resources } from './resources.ts';

/** Route 53's own defaults. */
const DEFAULT_INTERVAL_SECONDS = 30;
const DEFAULT_THRESHOLD = 3;

export function readHealthChecks(resources: Resources): readonly HealthCheckPlan[] {
  return resources.ofType('AWS::Route53::HealthCheck').map(({ properties, ref }) => {
    const config = properties.object('HealthCheckConfig');
    const type = config.text('Type');
    const inverted = config.flag('Inverted', false);
    if (type === 'CALCULATED') {
      const children = config.texts('ChildHealthChecks');
      return {
        kind: 'calculated',
        id: ref(),
        children,
        healthThreshold: config.number('HealthThreshold', children.length),
        inverted,
      };
    }
    if (type !== 'HTTPS' && type !== 'HTTP')
      throw new Error(`${properties.where}: health checks of type ${type} are not emulated`);
    const requestIntervalSeconds = config.number('RequestInterval', DEFAULT_INTERVAL_SECONDS);
    if (requestIntervalSeconds !== 10 && requestIntervalSeconds !== 30) {
      throw new Error(
        `${properties.where}: an interval of ${requestIntervalSeconds} s is not one of Route 53: 10 or 30`,
      );
    }
    return {
      kind: 'endpoint',
      id: ref(),
      hostname: config.text('FullyQualifiedDomainName'),
      path: config.text('ResourcePath'),
      requestIntervalSeconds,
      failureThreshold: config.number('FailureThreshold', DEFAULT_THRESHOLD),
      inverted,
    };
  });
}

export function readRecords(resources: Resources): readonly RecordPlan[] {
  return resources.ofType('AWS::Route53::RecordSet').map(({ properties }) => {
    properties.only('Type', 'CNAME');
    const [target, ...more] = properties.texts('ResourceRecords');
    if (target === undefined || more.length > 0) throw new Error(`${properties.where}: a CNAME has exactly one target`);
    const latencyRegion = properties.optionalText('Region');
    const healthCheckId = properties.optionalText('HealthCheckId');
    return {
      name: properties.text('Name').replace(/\.$/, ''),
      type: 'CNAME',
      ttlSeconds: properties.number('TTL'),
      target: target.replace(/\.$/, ''),
      ...(latencyRegion === undefined ? {} : { latencyRegion }),
      ...(healthCheckId === undefined ? {} : { healthCheckId }),
    };
  });
}

/** The name that payers use: the one whose records are chosen by latency. */
export function hostnameOf(records: readonly RecordPlan[]): string {
  const names = new Set(records.filter(({ latencyRegion }) => latencyRegion !== undefined).map(({ name }) => name));
  const [only] = names;
  if (only === undefined || names.size > 1)
    throw new Error(`payers use one hostname with latency records, found ${[...names].join(', ') || 'none'}`);
  return only;
}

// Owns the alarms of the templates: metric alarms and composites, each read whole, its math and its rule checked at once.
// Leaves to local/cloudwatch what they mean. An alarm's name tells its slug and tier: `baseload-<jurisdiction>-<slug>-<tier>`.
import {
  type AlarmPlan,
  COMPARISONS,
  type CompositeAlarmPlan,
  type MeasuringAlarmPlan,
  MISSING_DATA,
  type MissingData,
  type Query,
} from '../cloudwatch/alarm-plan.ts';
import { BAND_COMPARISONS } from '../cloudwatch/anomaly-band.ts';
import { alarmNameOf, alarmsOf, parseRule } from '../cloudwatch/composite-rule.ts';
import { percentOf } from '../cloudwatch/distribution.ts';
import { evaluateQueries } from '../cloudwatch/metric-math.ts';
import { type PublishingPlan, unpublished } from '../cloudwatch/published.ts';
import type { Properties } from './properties.ts';
import type { Resource, Resources } from './resources.ts';

/** @throws Error naming the alarm, and what of it is not known here, or looked at where nothing can be seen */
export function readAlarms(
  resources: Resources,
  jurisdiction: string,
  regions: readonly (PublishingPlan & { readonly region: string })[],
): readonly AlarmPlan[] {
  const alarms = [
    ...resources.ofType('AWS::CloudWatch::Alarm').map((resource) => readMetricAlarm(resource, jurisdiction)),
    ...resources.ofType('AWS::CloudWatch::CompositeAlarm').map((resource) => readComposite(resource, jurisdiction)),
  ];
  for (const alarm of alarms) {
    checked(`alarm ${alarm.name} of ${alarm.region}`, () => {
      const plan = regions.find(({ region }) => region === alarm.region);
      if (plan === undefined) throw new Error('no Region runs there that could evaluate it');
      if (alarm.kind !== 'composite') checkMetricAlarm(alarm, plan);
      else
        checkReferences(
          alarm,
          alarms.filter(({ region }) => region === alarm.region),
          [],
        );
    });
  }
  return alarms;
}

function checked<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function identity({ properties, stack }: Resource, jurisdiction: string) {
  const name = properties.text('AlarmName');
  const [, slug, tier] = new RegExp(`^baseload-${jurisdiction}-(.+)-(P[012])$`).exec(name) ?? [];
  if (slug === undefined || tier === undefined)
    throw new Error(`${properties.where}: the name ${name} does not tell slug and tier`);
  const isEnabled = properties.flag('ActionsEnabled', true);
  const targets = (property: string): readonly string[] => {
    const arns = properties.texts(property);
    return isEnabled ? arns : [];
  };
  return {
    name,
    slug,
    tier: tier as AlarmPlan['tier'],
    region: stack.region,
    description: properties.optionalText('AlarmDescription') ?? '',
    actions: {
      ALARM: targets('AlarmActions'),
      OK: targets('OKActions'),
      INSUFFICIENT_DATA: targets('InsufficientDataActions'),
    },
  };
}

function readMetricAlarm(resource: Resource, jurisdiction: string): MeasuringAlarmPlan {
  const { properties } = resource;
  const evaluationPeriods = properties.number('EvaluationPeriods');
  const bandId = properties.optionalText('ThresholdMetricId');
  const { queries, returned, periodSeconds, deviations } = properties.has('Metrics')
    ? severalMetrics(properties, bandId)
    : oneMetric(properties);
  const measuring = {
    ...identity(resource, jurisdiction),
    queries,
    returned,
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm: properties.number('DatapointsToAlarm', evaluationPeriods),
    missing: properties.has('TreatMissingData')
      ? oneOf<MissingData>(properties, 'TreatMissingData', MISSING_DATA)
      : 'missing',
  } as const;
  if (deviations !== undefined)
    return {
      kind: 'anomaly',
      ...measuring,
      comparison: oneOf(properties, 'ComparisonOperator', namesOf(BAND_COMPARISONS)),
      deviations,
    };
  return {
    kind: 'metric',
    ...measuring,
    comparison: oneOf(properties, 'ComparisonOperator', namesOf(COMPARISONS)),
    threshold: properties.number('Threshold'),
  };
}

const namesOf = <Table extends object>(table: Table) => Object.keys(table) as (keyof Table & string)[];

function oneOf<Name extends string>(properties: Properties, property: string, known: readonly Name[]): Name {
  const value = properties.text(property);
  const found = known.find((one) => one === value);
  if (found === undefined)
    throw new Error(`${properties.where}, property ${property}: ${value} is not known here, only ${known.join(', ')}`);
  return found;
}

interface ReadQueries {
  readonly queries: readonly Query[];
  readonly returned: string;
  readonly periodSeconds: number;
  /** Half the width of the band that it is compared with, where there is one. */
  readonly deviations?: number;
}

function oneMetric(properties: Properties): ReadQueries {
  const statistic = properties.optionalText('ExtendedStatistic') ?? properties.text('Statistic');
  const metric = metricOf(properties);
  return {
    queries: [{ kind: 'metric', id: 'metric', metric, statistic }],
    returned: 'metric',
    periodSeconds: properties.number('Period'),
  };
}

/** @param bandId names the expression that gives the band, where the alarm is compared with one */
function severalMetrics(properties: Properties, bandId: string | undefined): ReadQueries {
  const read = properties.objects('Metrics').map((entry) => {
    const id = entry.text('Id');
    const isReturned = entry.flag('ReturnData', true);
    const periodSeconds = entry.optionalNumber('Period');
    if (!entry.has('MetricStat')) {
      const query: Query = { kind: 'expression', id, expression: entry.text('Expression') };
      return { query, isReturned, periodSeconds };
    }
    const stat = entry.object('MetricStat');
    const query: Query = {
      kind: 'metric',
      id,
      metric: metricOf(stat.object('Metric')),
      statistic: stat.text('Stat'),
    };
    return { query, isReturned, periodSeconds: stat.number('Period') };
  });
  const periods = [...new Set(read.flatMap(({ periodSeconds }) => periodSeconds ?? []))];
  const [periodSeconds] = periods;
  const band = read.find(({ query }) => query.id === bandId)?.query;
  const measured = read.filter(({ query }) => query !== band);
  const returned = measured.filter(({ isReturned }) => isReturned).map(({ query }) => query.id);
  const [only] = returned;
  if (periodSeconds === undefined || periods.length > 1)
    throw new Error(`${properties.where}: its metrics have one period, got ${periods.join(', ') || 'none'}`);
  if (only === undefined || returned.length > 1)
    throw new Error(`${properties.where}: one of its metrics is returned, got ${returned.join(', ') || 'none'}`);
  const queries = measured.map(({ query }) => query);
  if (bandId === undefined) return { queries, returned: only, periodSeconds };
  return { queries, returned: only, periodSeconds, deviations: deviationsOf(properties, only, band) };
}

function deviationsOf({ where }: Properties, returned: string, band: Query | undefined): number {
  const expression = band?.kind === 'expression' ? band.expression : undefined;
  const [, id, deviations] = /^ANOMALY_DETECTION_BAND\((\w+), ?(\d+(?:\.\d+)?)\)$/.exec(expression ?? '') ?? [];
  if (id === undefined || id !== returned)
    throw new Error(`${where}: its threshold is ANOMALY_DETECTION_BAND(${returned}, deviations), got ${expression}`);
  return Number(deviations);
}

function metricOf(properties: Properties) {
  const dimensions = properties
    .objects('Dimensions')
    .map((dimension) => [dimension.text('Name'), dimension.text('Value')] as const);
  return {
    namespace: properties.text('Namespace'),
    name: properties.text('MetricName'),
    dimensions: Object.fromEntries(dimensions),
  };
}

function readComposite(resource: Resource, jurisdiction: string): CompositeAlarmPlan {
  const { properties } = resource;
  const suppressor = properties.optionalText('ActionsSuppressor');
  const waitSeconds = properties.number('ActionsSuppressorWaitPeriod', 0);
  const extensionSeconds = properties.number('ActionsSuppressorExtensionPeriod', 0);
  return {
    kind: 'composite',
    ...identity(resource, jurisdiction),
    rule: properties.text('AlarmRule'),
    ...(suppressor === undefined
      ? {}
      : { suppressor: { alarm: alarmNameOf(suppressor), waitSeconds, extensionSeconds } }),
  };
}

function checkMetricAlarm(alarm: MeasuringAlarmPlan, plan: PublishingPlan): void {
  const { periodSeconds, evaluationPeriods, datapointsToAlarm } = alarm;
  if (periodSeconds < 60 || periodSeconds % 60 !== 0)
    throw new Error(`a period is whole minutes here, got ${periodSeconds} s`);
  if (datapointsToAlarm > evaluationPeriods)
    throw new Error(`DatapointsToAlarm ${datapointsToAlarm} is more than EvaluationPeriods ${evaluationPeriods}`);
  for (const query of alarm.queries) {
    if (query.kind !== 'metric') continue;
    percentOf(query.statistic);
    const problem = unpublished(query.metric, plan);
    if (problem !== undefined) throw new Error(problem);
  }
  // Over periods without data: whatever of the math is not known says so here.
  evaluateQueries(alarm.queries, alarm.returned, () => [undefined]);
}

/** Every alarm that a rule or a suppressor names is there, and none looks at itself. */
function checkReferences(alarm: AlarmPlan, alarms: readonly AlarmPlan[], above: readonly string[]): void {
  if (above.includes(alarm.name)) throw new Error(`${[...above, alarm.name].join(' → ')} goes in a circle`);
  if (alarm.kind !== 'composite') return;
  const named = [
    ...alarmsOf(parseRule(alarm.rule)),
    ...(alarm.suppressor === undefined ? [] : [alarm.suppressor.alarm]),
  ];
  for (const name of named) {
    const found = alarms.find((one) => one.name === name);
    if (found === undefined) throw new Error(`it looks at the alarm ${name}, which is not there`);
    checkReferences(found, alarms, [...above, alarm.name]);
  }
}

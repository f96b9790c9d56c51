// Owns the bill of a Baseload that nobody uses, line by line: what the templates declare, times usage.ts, times prices.ts.
// Leaves to payments.ts what use adds.
import { functionName, type Slug } from '../../lambdas/shared/names.ts';
import { type CostLine, counted, line, totalOf } from './lines.ts';
import { paymentLines } from './payments.ts';
import { costOf } from './prices.ts';
import { functionOfAlias, type Placed, type Templates } from './templates.ts';
import {
  CALL_SECONDS,
  CANARY_RUN,
  CHECKERS,
  LOG_BYTES,
  METRICS_AT_REST,
  METRICS_OF_A_BAND,
  MONTH_SECONDS,
  POLL_SECONDS,
  POLLERS,
  PROBE,
  SCHEDULED,
  shardsMet,
} from './usage.ts';

/** Per month. */
export const idleLines = (templates: Templates, jurisdiction: string): readonly CostLine[] => {
  const use = usageOf(templates, jurisdiction);
  return [
    ...ledgerLines(use),
    ...requestLines(use),
    ...scheduledLines(use),
    ...watchingLines(use),
    ...outsideLines(use),
    ...heldLines(use),
  ];
};

interface Check {
  readonly path: string;
  readonly intervalSeconds: number;
}

const checksOf = (templates: Templates): readonly Check[] =>
  templates.of('AWS::Route53::HealthCheck').flatMap(({ properties }) => {
    const config = properties.HealthCheckConfig as Readonly<Record<string, unknown>>;
    if (config.Type === 'CALCULATED') return [];
    return [{ path: String(config.ResourcePath), intervalSeconds: Number(config.RequestInterval) }];
  });

const usageOf = (templates: Templates, jurisdiction: string) => {
  const regions = templates.count('AWS::ApiGatewayV2::Api');
  const checks = checksOf(templates);
  const asked = (some: readonly Check[]): number =>
    some.reduce((sum, { intervalSeconds }) => sum + (CHECKERS * MONTH_SECONDS) / intervalSeconds, 0);
  const health = checks.filter(({ path }) => path === '/health');
  // A warm worker keeps its answer for two seconds, and probes when the next checker asks after that.
  const probes = health.reduce(
    (sum, { intervalSeconds }) => sum + MONTH_SECONDS / (PROBE.keptSeconds + intervalSeconds / CHECKERS),
    0,
  );
  return {
    templates,
    jurisdiction,
    regions,
    replicas: templates.ledgerReplicas(),
    checks,
    requests: asked(checks),
    pages: asked(checks.filter((check) => !health.includes(check))),
    beats: probes * PROBE.keys,
    // Every probe comes out of every Region's stream.
    projections: probes * shardsMet(PROBE.keys) * regions,
  };
};
type Usage = ReturnType<typeof usageOf>;

const ledgerLines = ({ beats, pages, replicas, regions }: Usage): readonly CostLine[] => [
  line('heartbeats in the ledger', costOf('writeUnit', beats * replicas), [
    `${counted(beats)} of ${PROBE.keys} keys a probe × ${replicas} replicas`,
  ]),
  line('heartbeats as they are projected', costOf('writeUnit', beats * regions), [
    `${counted(beats)} in each of ${regions} Regions`,
  ]),
  line('strong reads', costOf('readUnit', beats + pages), [
    `each heartbeat read back, and the page of an evacuation ${counted(pages)} times`,
  ]),
];

const requestLines = (use: Usage): readonly CostLine[] => {
  const { templates, checks, requests, projections } = use;
  const fast = checks.filter(({ intervalSeconds }) => intervalSeconds === 10).length;
  const calculated = templates.count('AWS::Route53::HealthCheck') - checks.length;
  return [
    line('checkers at the HTTP API', costOf('httpApi', requests), [
      `${CHECKERS} checkers, ${checks.map(({ intervalSeconds }) => `${intervalSeconds} s`).join(', ')}: ${counted(requests)}`,
    ]),
    line('Lambda: checks', lambda(use, 'health', requests, CALL_SECONDS.health), [
      `${counted(requests)} calls of ${CALL_SECONDS.health * 1000} ms`,
    ]),
    line('Lambda: projecting heartbeats', lambda(use, 'project-facts', projections, CALL_SECONDS['project-facts']), [
      `${counted(projections)} calls of ${CALL_SECONDS['project-facts'] * 1000} ms`,
    ]),
    line(
      'health checks and zone',
      costOf('healthCheck', checks.length + calculated) +
        costOf('healthCheckOption', checks.length + fast) +
        costOf('hostedZone', 1),
      [`${checks.length} HTTPS, ${fast} of them fast, ${calculated} calculated, 1 zone`],
    ),
    line('queues', costOf('sqs', polls(use)), [
      `${POLLERS} pollers a queue with a worker, ${60 / POLL_SECONDS} long polls a minute: ${counted(polls(use))}`,
    ]),
  ];
};

const polls = ({ templates }: Usage): number =>
  templates.of('AWS::Lambda::EventSourceMapping').filter(({ properties }) => 'ScalingConfig' in properties).length *
  POLLERS *
  (MONTH_SECONDS / POLL_SECONDS);

const scheduledLines = (use: Usage): readonly CostLine[] => {
  const runs = use.templates.of('AWS::Scheduler::Schedule').flatMap((schedule) => runsOf(use, schedule));
  const calls = runs.reduce((sum, { times }) => sum + times, 0);
  const units = runs.reduce((sum, { times, readUnits }) => sum + times * readUnits, 0);
  const compute = runs.reduce((sum, { slug, times, seconds }) => sum + lambda(use, slug, times, seconds), 0);
  return [
    line('schedules', compute + costOf('schedule', calls) + costOf('readUnit', units), [
      `${counted(calls)} calls, ${counted(units)} read units: sealing, scrubbing, probing, sweeping`,
    ]),
    line('traces of schedules', costOf('trace', calls), [`nearly each of them is the only one of its second`]),
  ];
};

/** Those by a calendar are a few a day: cents. */
const runsOf = (
  { jurisdiction }: Usage,
  { properties, template }: Placed,
): readonly { readonly slug: Slug; readonly times: number; readonly seconds: number; readonly readUnits: number }[] => {
  const rate = /^rate\((\d+) (minute|hour)s?\)$/.exec(String(properties.ScheduleExpression));
  if (rate === null) return [];
  const everySeconds = Number(rate[1]) * (rate[2] === 'hour' ? 3_600 : 60);
  const { Arn } = properties.Target as { readonly Arn: unknown };
  const name = functionOfAlias(Arn, template);
  const slug = (Object.keys(SCHEDULED) as Slug[]).find((one) => functionName(jurisdiction, one) === name);
  const once = slug && SCHEDULED[slug];
  if (slug === undefined || once === undefined) throw new Error(`usage.ts does not say what a call of ${name} takes`);
  return [{ slug, times: MONTH_SECONDS / everySeconds, ...once }];
};

const watchingLines = (use: Usage): readonly CostLine[] => {
  const { templates, regions } = use;
  const metrics = templates
    .of('AWS::CloudWatch::Alarm')
    .reduce((sum, { properties }) => sum + metricsOf(properties), 0);
  const composites = templates.count('AWS::CloudWatch::CompositeAlarm');
  const dashboards = templates.count('AWS::CloudWatch::Dashboard');
  const gigabytes = logBytes(use) / 1e9;
  return [
    line('logs', costOf('logs', gigabytes), [
      `${gigabytes.toFixed(1)} GB: the access log, and the metrics of each call`,
    ]),
    line('custom metrics', costOf('customMetric', METRICS_AT_REST.length * regions), [
      `${METRICS_AT_REST.length} that never rest × ${regions} Regions`,
    ]),
    line('alarms', costOf('alarmMetric', metrics), [
      `${templates.count('AWS::CloudWatch::Alarm')}, which look at ${metrics} metrics, a band counting ${METRICS_OF_A_BAND}`,
    ]),
    line('composite alarms', costOf('compositeAlarm', composites), [`${composites}`]),
    line('dashboards', costOf('dashboard', dashboards), [`${dashboards}`]),
  ];
};

const metricsOf = ({ Metrics, ThresholdMetricId }: Placed['properties']): number => {
  if (!Array.isArray(Metrics)) return 1;
  const read = (Metrics as readonly object[]).filter((metric) => 'MetricStat' in metric).length;
  return ThresholdMetricId === undefined ? read : read * METRICS_OF_A_BAND;
};

const logBytes = (use: Usage): number => {
  const { requests, projections } = use;
  const perCall = (slug: Slug): number => LOG_BYTES.metrics + (tellsEachCall(use, slug) ? LOG_BYTES.system : 0);
  return requests * (LOG_BYTES.access + perCall('health')) + projections * perCall('project-facts');
};

const tellsEachCall = ({ templates, jurisdiction }: Usage, slug: Slug): boolean => {
  const { LoggingConfig } = templates.functionNamed(functionName(jurisdiction, slug));
  return (LoggingConfig as { readonly SystemLogLevel?: string }).SystemLogLevel !== 'WARN';
};

/** A run is paid by itself, with the Lambda seconds it takes and the payment it makes; secret and alarm stand in their own lines. */
const outsideLines = ({ templates, jurisdiction }: Usage): readonly CostLine[] =>
  templates.of('AWS::Synthetics::Canary').map(({ properties }) => {
    const { Expression } = properties.Schedule as { readonly Expression: string };
    const minutes = Number(
      /^rate\((\d+) minutes?\)$/.exec(Expression)?.[1] ?? (Expression === 'rate(1 hour)' ? 60 : Number.NaN),
    );
    if (Number.isNaN(minutes)) throw new Error(`how often ${Expression} is, nobody knows here`);
    const runs = MONTH_SECONDS / (60 * minutes);
    const payments = (runs / 1e6) * totalOf(paymentLines(templates, jurisdiction));
    const compute =
      costOf('lambdaRequest', runs) + costOf('lambdaCompute', runs * CANARY_RUN.seconds * CANARY_RUN.gigabytes);
    return line('a payer from outside', costOf('canaryRun', runs) + compute + payments, [
      `${counted(runs)} runs, one every ${minutes} minutes, each a payment`,
    ]);
  });

const heldLines = ({ templates }: Usage): readonly CostLine[] => {
  const keys = templates.count('AWS::KMS::Key');
  const secrets = new Set(templates.of('AWS::IAM::Role').flatMap(({ properties }) => secretsOf(properties))).size;
  return [
    line('keys', costOf('key', keys), [`${keys}; each of the first two yearly rotations adds 1.00 a key`]),
    ...(secrets === 0 ? [] : [line('secrets', costOf('secret', secrets), [`${secrets} that functions read`])]),
  ];
};

/** Operators make them: no template has more of them than the right to read. */
const secretsOf = ({ Policies = [] }: Placed['properties']): readonly string[] =>
  (Policies as readonly Policy[]).flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.filter(({ Action }) => Action === 'secretsmanager:GetSecretValue').map(({ Resource }) =>
      JSON.stringify(Resource),
    ),
  );

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly { readonly Action: unknown; readonly Resource: unknown }[] };
}

const lambda = ({ templates, jurisdiction }: Usage, slug: Slug, calls: number, seconds: number): number => {
  const { MemorySize } = templates.functionNamed(functionName(jurisdiction, slug));
  return costOf('lambdaRequest', calls) + costOf('lambdaCompute', calls * seconds * (Number(MemorySize) / 1024));
};

// Owns the three things to run first for each alarm: commands that can be copied, and Logs Insights queries with their log group.
// Leaves to the runbook what the answers mean.
import {
  ALWAYS_CALLED,
  CANARY_SLUGS,
  codeDeployApplicationName,
  functionName,
  QUEUE_WORKERS,
  QUEUES,
  queueName,
  SLUGS,
  type Slug,
} from '../shared/names.ts';

export interface PageQuery {
  /** What it shows. */
  readonly shows: string;
  /** One line to copy. */
  readonly run: string;
  /** Of a Logs Insights query; absent for a command of a shell. */
  readonly logGroup?: string;
}

export type ThreeQueries = readonly [PageQuery, PageQuery, PageQuery];

export interface QueryScope {
  readonly jurisdiction: string;
  readonly region: string;
  readonly hostnames: { readonly own: string; readonly peer: string; readonly routed: string };
}

/** Of the alarm `name` with `slug`, or of the group that speaks for it alone. What has no queries of its own gets those that fit every alarm. */
export const queriesFor = (scope: QueryScope, slug: string, name: string): ThreeQueries => {
  for (const [pattern, queries] of BY_SLUG) {
    const match = pattern.exec(slug.replace(/-page$/, ''));
    if (match !== null) return queries(scope, match[1] ?? '');
  }
  return anyAlarm(scope, name);
};

type Made = (scope: QueryScope, part: string) => ThreeQueries;

const insights = ({ jurisdiction }: QueryScope, slug: Slug, shows: string, run: string): PageQuery => ({
  shows,
  run,
  logGroup: `/aws/lambda/${functionName(jurisdiction, slug)}`,
});

const ERRORS_BY_CAUSE =
  'filter level = "ERROR" | stats count() as times, latest(errorMessage) by message, errorName | sort times desc';
const LAST_LINES =
  'filter level in ["ERROR", "WARN"] | fields @timestamp, message, reason, errorName, errorMessage | sort @timestamp desc | limit 20';
const RUNS =
  'filter @type = "REPORT" | stats count() as calls, max(@duration) as longestMs, max(@maxMemoryUsed) / 1000000 as mostMb by bin(1m)';
/** Of a function called all the time Lambda reports only the calls that failed, as JSON. */
const FAILED_RUNS =
  'filter type = "platform.report" | stats count() as calls, max(record.metrics.durationMs) as longestMs, max(record.metrics.maxMemoryUsedMB) as mostMb by record.status, bin(1m)';

const functionQueries = (scope: QueryScope, slug: Slug): ThreeQueries => [
  insights(scope, slug, 'what fails, by cause', ERRORS_BY_CAUSE),
  insights(scope, slug, 'its last words', LAST_LINES),
  ALWAYS_CALLED.includes(slug)
    ? insights(scope, slug, 'calls that timed out or crashed, time and memory by minute', FAILED_RUNS)
    : insights(scope, slug, 'calls, time and memory by minute: a time-out or a crash has no line of its own', RUNS),
];

const health = (hostname: string): string =>
  `curl -sS -m 6 -w ' (%{http_code}, %{time_total} s)\\n' https://${hostname}/health`;

const regionQueries: Made = (scope) => [
  { shows: 'what this Region says of itself', run: health(scope.hostnames.own) },
  { shows: 'what the other says of itself', run: health(scope.hostnames.peer) },
  insights(
    scope,
    'health',
    'why it was not healthy, by minute',
    'filter level = "WARN" | stats count() as times by message, reason, bin(1m)',
  ),
];

const routingQueries: Made = ({ hostnames }) => [
  { shows: 'where DNS leads payers', run: `dig +noall +answer ${hostnames.routed} ${hostnames.own} ${hostnames.peer}` },
  { shows: 'what answers there', run: health(hostnames.routed) },
  {
    shows: 'the health checks, whose states the console shows by these ids',
    run: `aws route53 list-health-checks --query "HealthChecks[?HealthCheckConfig.FullyQualifiedDomainName!=null].[Id,HealthCheckConfig.FullyQualifiedDomainName,HealthCheckConfig.ResourcePath]" --output table`,
  },
];

const peerQueries: Made = (scope) => [
  { shows: 'what the other Region says of itself', run: health(scope.hostnames.peer) },
  { shows: 'where DNS leads payers', run: `dig +noall +answer ${scope.hostnames.routed}` },
  insights(
    scope,
    'probe-peer',
    'what this Region saw of it',
    'filter level = "WARN" | fields @timestamp, message, region, reason | sort @timestamp desc | limit 20',
  ),
];

const ledgerQueries: Made = (scope) => [
  { shows: 'what this Region says of itself: only the ledger makes it unhealthy', run: health(scope.hostnames.own) },
  insights(
    scope,
    'payments',
    'what payers were told, by cause',
    'filter ispresent(problem) | stats count() as times by problem, errorName, bin(1m)',
  ),
  { shows: 'whether payers have somewhere to go: what the other Region says', run: health(scope.hostnames.peer) },
];

const viewQueries: Made = (scope) => [
  {
    shows: 'whether the view is whole, and how far a rebuild is',
    run: `npm run baseload -- replay view --region ${scope.region} --target aws --dry-run`,
  },
  insights(scope, 'project-facts', 'what the stream worker could not apply', ERRORS_BY_CAUSE),
  insights(scope, 'project-facts', 'its calls by minute: none is a stream that stands still', RUNS),
];

const corruptQueries: Made = (scope) => [
  insights(
    scope,
    'lookup',
    'which facts, where they were read',
    'filter ispresent(factKey) | fields @timestamp, message, accountId, factKey, reason | sort @timestamp desc | limit 20',
  ),
  insights(
    scope,
    'project-facts',
    'which facts, where they came through the stream',
    'filter ispresent(factKey) and level in ["ERROR", "WARN"] | fields @timestamp, message, accountId, factKey, reason | sort @timestamp desc | limit 20',
  ),
  {
    shows: 'what of the view fails its checks: the state of its last rebuild',
    run: `npm run baseload -- replay view --region ${scope.region} --target aws --dry-run`,
  },
];

const reconciliationQueries: Made = (scope) => [
  { shows: 'the differences of the last week', run: 'npm run baseload -- reconcile --target aws' },
  insights(scope, 'reconcile', 'what it found and could not do', LAST_LINES),
  insights(scope, 'settle-payment', 'what could not be settled', ERRORS_BY_CAUSE),
];

const queueQueries: Made = (scope, named) => {
  const queue = QUEUES.find((one) => one === named) ?? 'settlements';
  const name = queueName(scope.jurisdiction, queue);
  return [
    {
      shows: 'what the dead-letter queue holds, of which accounts',
      run: `npm run baseload -- redrive ${queue} --target aws --region ${scope.region} --dry-run`,
    },
    {
      shows: 'how many wait, are being worked, and are delayed',
      run: `aws sqs get-queue-attributes --region ${scope.region} --queue-url "$(aws sqs get-queue-url --region ${scope.region} --queue-name ${name} --query QueueUrl --output text)" --attribute-names ApproximateNumberOfMessages ApproximateNumberOfMessagesNotVisible ApproximateNumberOfMessagesDelayed`,
    },
    insights(
      scope,
      QUEUE_WORKERS[queue],
      'why its worker fails or waits, by cause',
      'filter level in ["ERROR", "WARN"] | stats count() as times, latest(errorMessage) by message, reason, errorName | sort times desc',
    ),
  ];
};

const deploymentQueries: Made = ({ jurisdiction, region }) => {
  const application = codeDeployApplicationName(jurisdiction);
  const groups = CANARY_SLUGS.join(' ');
  const last = `aws deploy batch-get-deployment-groups --region ${region} --application-name ${application} --deployment-group-names ${groups}`;
  return [
    {
      shows: 'the last deployment of each function',
      run: `${last} --query "deploymentGroupsInfo[].[deploymentGroupName,lastAttemptedDeployment.status,lastAttemptedDeployment.createTime,lastAttemptedDeployment.deploymentId]" --output table`,
    },
    {
      shows: 'which alarms ring: those of a new version take it back',
      run: ringingNow(jurisdiction, region),
    },
    {
      shows: 'what CloudFormation did last',
      run: `aws cloudformation describe-stack-events --region ${region} --stack-name baseload-${jurisdiction}-region-${region} --max-items 20 --query "StackEvents[].[Timestamp,ResourceStatus,LogicalResourceId,ResourceStatusReason]" --output table`,
    },
  ];
};

const certificateQueries: Made = ({ region, hostnames }) => [
  {
    shows: 'the certificates and whether each can be renewed',
    run: `aws acm list-certificates --region ${region} --query "CertificateSummaryList[].[DomainName,NotAfter,RenewalEligibility,CertificateArn]" --output table`,
  },
  {
    shows: 'the one that clients are shown',
    run: `openssl s_client -connect ${hostnames.own}:443 -servername ${hostnames.routed} </dev/null 2>/dev/null | openssl x509 -noout -subject -enddate`,
  },
  {
    shows: 'who may issue for the name: a CAA record without amazon.com stops renewal',
    run: `dig +short CAA ${hostnames.routed}`,
  },
];

const throttleQueries: Made = ({ jurisdiction, region }) => [
  {
    shows: 'the concurrency of the account',
    run: `aws lambda get-account-settings --region ${region} --query AccountLimit`,
  },
  {
    shows: 'which functions were throttled in the last hour',
    run: `aws cloudwatch get-metric-data --region ${region} --start-time "$(date -u -d '1 hour ago' +%FT%TZ)" --end-time "$(date -u +%FT%TZ)" --metric-data-queries '[{"Id":"t","Expression":"SEARCH('"'"'{AWS/Lambda,FunctionName} MetricName=\\"Throttles\\" baseload-${jurisdiction}'"'"', '"'"'Sum'"'"', 3600)"}]' --query "MetricDataResults[].[Label,Values[0]]" --output table`,
  },
  { shows: 'what is reserved for each, as deployed', run: `npm run preflight` },
];

const ringingNow = (jurisdiction: string, region: string): string =>
  `aws cloudwatch describe-alarms --region ${region} --alarm-name-prefix baseload-${jurisdiction}- --alarm-types MetricAlarm CompositeAlarm --state-value ALARM --query "[CompositeAlarms[],MetricAlarms[]][].[AlarmName,StateTransitionedTimestamp]" --output table`;

const anyAlarm = ({ jurisdiction, region }: QueryScope, name: string): ThreeQueries => [
  {
    shows: 'what it measured when it changed',
    run: `aws cloudwatch describe-alarms --region ${region} --alarm-names ${name} --alarm-types MetricAlarm CompositeAlarm --query "[CompositeAlarms[],MetricAlarms[]][].[StateValue,StateReason]" --output text`,
  },
  {
    shows: 'when it rang before',
    run: `aws cloudwatch describe-alarm-history --region ${region} --alarm-name ${name} --history-item-type StateUpdate --max-items 20 --query "AlarmHistoryItems[].[Timestamp,HistorySummary]" --output table`,
  },
  { shows: 'what rings beside it', run: ringingNow(jurisdiction, region) },
];

const routeGroup =
  (slug: Slug): Made =>
  (scope) =>
    functionQueries(scope, slug);

/** The first that fits. */
const BY_SLUG: readonly (readonly [RegExp, Made])[] = [
  [new RegExp(`^(${SLUGS.join('|')})-errors$`), (scope, slug) => functionQueries(scope, slug as Slug)],
  [new RegExp(`^(${QUEUES.join('|')})-(?:oldest-age|dead-letters)$`), queueQueries],
  [/^payments-(?:unavailable|latency|saturation|traffic)$/, routeGroup('payments')],
  [/^lookups-/, routeGroup('lookup')],
  [/^operations-/, routeGroup('operations')],
  [/^readings-/, routeGroup('readings')],
  [/^(?:ledger-refusals|clock-skew|slo-.*)$/, ledgerQueries],
  [/^(?:region-unhealthy|both-regions-unhealthy|replication-lag)$/, regionQueries],
  [/^peer-/, peerQueries],
  [/^routing-/, routingQueries],
  [/^(?:view-rehydration|projection-.*|dispatch-failures)$/, viewQueries],
  [/^corrupt-fact$/, corruptQueries],
  [/^reconciliation-difference$/, reconciliationQueries],
  [/-throttles$/, throttleQueries],
  [/^deployment-/, deploymentQueries],
  [/^certificate-/, certificateQueries],
];

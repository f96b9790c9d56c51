// Owns every name that the templates, the handlers and the local Regions share: tables, functions, routes, environment.
// One slug names the folder, the construct, the metric dimension, the alarm prefix, the test and the runbook.

/** A capability: `lambdas/<slug>/handler.ts`. */
export const SLUGS = [
  'payments',
  'operations',
  'lookup',
  'health',
  'project-facts',
  'replica-stream',
  'rehydrate-view',
  'sweep',
  'probe-peer',
  'enrich-alarm',
  'tariffs',
  'issue-bills',
  'start-bill-run',
  'readings',
  'store-readings',
  'settle-payment',
  'send-notice',
  'reconcile',
  'scrub',
  'seal-windows',
  'archive-facts',
  'redrive',
] as const;
export type Slug = (typeof SLUGS)[number];

/** By checkers and heartbeats, at every second of every day: what they leave behind at each call is what an idle Baseload costs. */
export const ALWAYS_CALLED: readonly Slug[] = ['health', 'project-facts'];

/** A fixed name cannot be replaced by CloudFormation: a new generation can stand beside the old one. */
export const GENERATION = 'g1';

export const tableName = (
  jurisdiction: string,
  table: 'ledger' | 'profiles' | 'views' | 'region-state' | 'request-counts' | 'seal-work' | 'readings' | 'catalog',
  generation: string = GENERATION,
): string => `baseload-${jurisdiction}-${table}-${generation}`;

export const functionName = (jurisdiction: string, slug: Slug): string => `baseload-${jurisdiction}-${slug}`;

/** Work after the fact. A queue is named after the work that lies in it, a DLQ after its queue. */
export const QUEUES = ['intake', 'bill-runs', 'settlements', 'notices', 'archive'] as const;
export type QueueSlug = (typeof QUEUES)[number];

/** The capability that works a queue. */
export const QUEUE_WORKERS: Readonly<Record<QueueSlug, Slug>> = {
  intake: 'store-readings',
  'bill-runs': 'issue-bills',
  settlements: 'settle-payment',
  notices: 'send-notice',
  archive: 'archive-facts',
};

export const queueName = (jurisdiction: string, queue: QueueSlug): string => `baseload-${jurisdiction}-${queue}`;

export const deadLetterQueueName = (jurisdiction: string, queue: QueueSlug): string =>
  `${queueName(jurisdiction, queue)}-dlq`;

/** Names of buckets are one space for the whole of AWS: the account in it makes it ours. At most 63 characters. */
export const archiveBucketName = (jurisdiction: string, region: string, account: string): string =>
  `baseload-${jurisdiction}-archive-${region}-${account}-${GENERATION}`;

/** Below it, in an archive bucket: the objects of sealed facts. */
export const ARCHIVED_FACTS_PREFIX = 'facts/';

/** How bad an alarm is, and so whom it tells. */
export const TIERS = ['P0', 'P1', 'P2'] as const;
export type Tier = (typeof TIERS)[number];

/** The topic of each Region that people of a tier subscribe to. */
export const alarmTopicName = (jurisdiction: string, tier: Tier): string => `baseload-${jurisdiction}-alarms-${tier}`;

/** CodeDeploy's application: a deployment group for each capability that shifts slowly, named by its slug. */
export const codeDeployApplicationName = (jurisdiction: string): string => `baseload-${jurisdiction}`;

/** The alias that API and event sources call. */
export const LIVE_ALIAS = 'live';

/** Capabilities whose new versions shift slowly: those that serve traffic or work after it. */
export const CANARY_SLUGS = [
  'payments',
  'operations',
  'lookup',
  'tariffs',
  'readings',
  'health',
  'project-facts',
  'settle-payment',
  'send-notice',
  'issue-bills',
  'store-readings',
  'archive-facts',
] as const satisfies readonly Slug[];

/** The names of a handler's environment variables. Read in one place: lambdas/shared/env.ts. */
export const ENV = {
  jurisdiction: 'BASELOAD_JURISDICTION',
  /** Comma-separated Regions of the jurisdiction, this one included. */
  regions: 'BASELOAD_REGIONS',
  /** What payers use; and the Regions' own, whatever their health. */
  hostname: 'BASELOAD_HOSTNAME',
  ownHostname: 'BASELOAD_OWN_HOSTNAME',
  peerHostname: 'BASELOAD_PEER_HOSTNAME',
  ledgerTable: 'BASELOAD_LEDGER_TABLE',
  viewsTable: 'BASELOAD_VIEWS_TABLE',
  regionStateTable: 'BASELOAD_REGION_STATE_TABLE',
  requestCountsTable: 'BASELOAD_REQUEST_COUNTS_TABLE',
  sealWorkTable: 'BASELOAD_SEAL_WORK_TABLE',
  /** Requests of one account in ten seconds, over all workers of a Region. */
  paymentsPerAccount: 'BASELOAD_PAYMENTS_PER_ACCOUNT',
  lookupsPerAccount: 'BASELOAD_LOOKUPS_PER_ACCOUNT',
  profilesTable: 'BASELOAD_PROFILES_TABLE',
  readingsTable: 'BASELOAD_READINGS_TABLE',
  catalogTable: 'BASELOAD_CATALOG_TABLE',
  /** Who charges: one of PROCESSORS. */
  processor: 'BASELOAD_PROCESSOR',
  /** Where notices go; absent where nobody wants them. */
  noticeWebhook: 'BASELOAD_NOTICE_WEBHOOK',
  /** The address that notices by mail come from; absent where nobody gets any. */
  noticeSender: 'BASELOAD_NOTICE_SENDER',
  /** Where the processor `local` is; no template sets it. */
  processorUrl: 'BASELOAD_PROCESSOR_URL',
  /** The bucket of this Region that facts are archived in. */
  archiveBucket: 'BASELOAD_ARCHIVE_BUCKET',
  /** What the URL of a queue of this Region begins with; its name follows. */
  queueUrlBase: 'BASELOAD_QUEUE_URL_BASE',
  /** What the ARN of a topic of this Region begins with; its name follows. */
  topicArnBase: 'BASELOAD_TOPIC_ARN_BASE',
  /** Where the repository's pages are shown; absent: whoever is told gets paths of the repository. */
  runbookBaseUrl: 'BASELOAD_RUNBOOK_BASE_URL',
  /** JSON, a list of GameDay; absent where no experiment starts by itself. */
  gameDays: 'BASELOAD_GAME_DAYS',
} as const;

export const GAME_WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI'] as const;

/** The day of each month on which experiments start by themselves in a Region: one an hour. */
export interface GameDay {
  readonly region: string;
  readonly weekday: (typeof GAME_WEEKDAYS)[number];
  /** Which of the month's: 1 is the first. */
  readonly week: number;
  readonly fromHourUtc: number;
  readonly hours: number;
}

/** `local` is a service on the machine that runs both Regions, and no money moves there. */
export const PROCESSORS = ['local', 'stripe'] as const;
export type ProcessorName = (typeof PROCESSORS)[number];

/** The secret of each Region that holds the processor's key. */
export const processorSecretName = (jurisdiction: string, processor: ProcessorName): string =>
  `baseload/${jurisdiction}/${processor}`;

/** The secret of each Region that notices are signed with. */
export const noticeSecretName = (jurisdiction: string): string => `baseload/${jurisdiction}/notices`;

/** The configuration set of SES under which notices are mailed. */
export const mailConfigurationSetName = (jurisdiction: string): string => `baseload-${jurisdiction}-notices`;

/** Keys of the profiles table that say of a notice that it was mailed, and the attribute after which they go. */
export const MAIL_MARK_PREFIX = 'mail#';
export const MAIL_MARK_TTL = 'expiresAt';

export const METRIC_NAMESPACE = 'Baseload';
/** Of the metrics that concern a whole Region, in place of a function's slug. */
export const REGION_WIDE_SERVICE = 'region';

export const SCOPES = {
  read: 'billing:read',
  pay: 'billing:pay',
  operate: 'billing:operate',
  writeReadings: 'readings:write',
} as const;

/** A route of the HTTP API: its key as API Gateway writes it, the capability that serves it, the scopes of which one is enough. */
export interface RouteName {
  readonly key: string;
  readonly slug: Slug;
  /** Empty: no token needed. */
  readonly scopes: readonly string[];
}

const A = '/v1/accounts/{accountId}';
export const ROUTES = [
  { key: 'POST /v1/accounts', slug: 'operations', scopes: [SCOPES.operate] },
  { key: `GET ${A}`, slug: 'lookup', scopes: [SCOPES.read] },
  { key: `PUT ${A}/contact`, slug: 'operations', scopes: [SCOPES.operate] },
  { key: `GET ${A}/balance`, slug: 'lookup', scopes: [SCOPES.read] },
  { key: `GET ${A}/statement`, slug: 'lookup', scopes: [SCOPES.read] },
  { key: `GET ${A}/bills`, slug: 'lookup', scopes: [SCOPES.read] },
  { key: `GET ${A}/bills/{billId}`, slug: 'lookup', scopes: [SCOPES.read] },
  { key: `POST ${A}/bills`, slug: 'operations', scopes: [SCOPES.operate] },
  { key: `GET ${A}/bills/preview`, slug: 'lookup', scopes: [SCOPES.read] },
  { key: `POST ${A}/bills/{billId}/rebills`, slug: 'operations', scopes: [SCOPES.operate] },
  { key: 'PUT /v1/tariffs/{tariffId}', slug: 'tariffs', scopes: [SCOPES.operate] },
  { key: `PUT ${A}/meters/{meterId}`, slug: 'tariffs', scopes: [SCOPES.operate] },
  { key: `POST ${A}/payments`, slug: 'payments', scopes: [SCOPES.pay] },
  { key: `GET ${A}/payments/{paymentId}`, slug: 'lookup', scopes: [SCOPES.read] },
  { key: `POST ${A}/payments/{paymentId}/refunds`, slug: 'operations', scopes: [SCOPES.operate] },
  { key: `POST ${A}/adjustments`, slug: 'operations', scopes: [SCOPES.operate] },
  { key: `POST ${A}/reversals`, slug: 'operations', scopes: [SCOPES.operate] },
  { key: 'POST /v1/readings', slug: 'readings', scopes: [SCOPES.writeReadings] },
  { key: 'GET /v1/readings/{batchId}', slug: 'readings', scopes: [SCOPES.writeReadings] },
  { key: 'GET /health', slug: 'health', scopes: [] },
  { key: 'GET /evacuated/{region}', slug: 'health', scopes: [] },
  { key: 'GET /openapi.json', slug: 'lookup', scopes: [] },
] as const satisfies readonly RouteName[];

export type RouteKey = (typeof ROUTES)[number]['key'];

/**
 * How old a record of the ledger's stream may get before the event source gives it up, seconds: what is older never reaches a
 * view. The stream itself keeps a day; what was stuck for so long must be where an operator sees it while it is still there.
 */
export const STREAM_REACH_SECONDS = 6 * 60 * 60;

/** Of tables whose items are forgotten: epoch seconds. */
export const TTL_ATTRIBUTE = 'expiresAtSeconds';

/** What the partition keys of seals begin with in the ledger; no account id does. */
export const SEAL_KEY_PREFIX = 'seal#';

/** What the partition keys of facts that are not sealed yet begin with in the table seal-work. */
export const UNSEALED_KEY_PREFIX = 'unsealed#';

/** Heartbeat keys per Region, spread over the shards of the ledger. */
export const HEARTBEAT_KEYS = 32;

/** Row of the region-state table: accounts in which a reader met damage, for the scrubber. */
export const SUSPECTS_ROW = 'suspects';

/** What the keys of redrives that nobody asked for begin with in the region-state table; the queue follows. */
export const REDRIVE_KEY_PREFIX = 'redrive#';

/** Index of the views table: an account's lines in the order of their time (`at`). */
export const BY_TIME_INDEX = 'by-time';

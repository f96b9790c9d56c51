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
  'tariffs',
  'issue-bills',
  'start-bill-run',
  'readings',
  'store-readings',
  'settle-payment',
  'send-notice',
  'reconcile',
] as const;
export type Slug = (typeof SLUGS)[number];

/** A fixed name cannot be replaced by CloudFormation: a new generation can stand beside the old one. */
export const GENERATION = 'g1';

export const tableName = (
  jurisdiction: string,
  table: 'ledger' | 'profiles' | 'views' | 'region-state' | 'request-counts' | 'readings' | 'catalog',
): string => `baseload-${jurisdiction}-${table}-${GENERATION}`;

export const functionName = (jurisdiction: string, slug: Slug): string => `baseload-${jurisdiction}-${slug}`;

/** Work after the fact. A queue is named after the work that lies in it, a DLQ after its queue. */
export const QUEUES = ['intake', 'bill-runs', 'settlements', 'notices'] as const;
export type QueueSlug = (typeof QUEUES)[number];

/** The capability that works a queue. */
export const QUEUE_WORKERS: Readonly<Record<QueueSlug, Slug>> = {
  intake: 'store-readings',
  'bill-runs': 'issue-bills',
  settlements: 'settle-payment',
  notices: 'send-notice',
};

export const queueName = (jurisdiction: string, queue: QueueSlug): string => `baseload-${jurisdiction}-${queue}`;

export const deadLetterQueueName = (jurisdiction: string, queue: QueueSlug): string =>
  `${queueName(jurisdiction, queue)}-dlq`;

/** The alias that API and event sources call. */
export const LIVE_ALIAS = 'live';

/** The names of a handler's environment variables. Read in one place: lambdas/shared/env.ts. */
export const ENV = {
  jurisdiction: 'BASELOAD_JURISDICTION',
  /** Comma-separated Regions of the jurisdiction, this one included. */
  regions: 'BASELOAD_REGIONS',
  ledgerTable: 'BASELOAD_LEDGER_TABLE',
  viewsTable: 'BASELOAD_VIEWS_TABLE',
  regionStateTable: 'BASELOAD_REGION_STATE_TABLE',
  requestCountsTable: 'BASELOAD_REQUEST_COUNTS_TABLE',
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
  /** What the URL of a queue of this Region begins with; its name follows. */
  queueUrlBase: 'BASELOAD_QUEUE_URL_BASE',
} as const;

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

/** Heartbeat keys per Region, spread over the shards of the ledger. */
export const HEARTBEAT_KEYS = 32;

/** Index of the views table: an account's lines in the order of their time (`at`). */
export const BY_TIME_INDEX = 'by-time';

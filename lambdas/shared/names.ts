// Owns every name that the templates, the handlers and the local Regions share: tables, functions, routes, environment.
// One slug names the folder, the construct, the metric dimension, the alarm prefix, the test and the runbook.

/** A capability: `lambdas/<slug>/handler.ts`. */
export const SLUGS = ['payments', 'operations', 'lookup', 'health', 'project-facts', 'replica-stream'] as const;
export type Slug = (typeof SLUGS)[number];

/** A fixed name cannot be replaced by CloudFormation: a new generation can stand beside the old one. */
export const GENERATION = 'g1';

export const tableName = (jurisdiction: string, table: 'ledger' | 'profiles' | 'views' | 'region-state'): string =>
  `baseload-${jurisdiction}-${table}-${GENERATION}`;

export const functionName = (jurisdiction: string, slug: Slug): string => `baseload-${jurisdiction}-${slug}`;

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
  profilesTable: 'BASELOAD_PROFILES_TABLE',
} as const;

export const METRIC_NAMESPACE = 'Baseload';

export const SCOPES = { read: 'billing:read', pay: 'billing:pay', operate: 'billing:operate' } as const;

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
  { key: `GET ${A}/balance`, slug: 'lookup', scopes: [SCOPES.read] },
  { key: `GET ${A}/statement`, slug: 'lookup', scopes: [SCOPES.read] },
  { key: `GET ${A}/bills`, slug: 'lookup', scopes: [SCOPES.read] },
  { key: `GET ${A}/bills/{billId}`, slug: 'lookup', scopes: [SCOPES.read] },
  { key: `POST ${A}/bills`, slug: 'operations', scopes: [SCOPES.operate] },
  { key: `POST ${A}/payments`, slug: 'payments', scopes: [SCOPES.pay] },
  { key: `GET ${A}/payments/{paymentId}`, slug: 'lookup', scopes: [SCOPES.read] },
  { key: `POST ${A}/payments/{paymentId}/refunds`, slug: 'operations', scopes: [SCOPES.operate] },
  { key: `POST ${A}/adjustments`, slug: 'operations', scopes: [SCOPES.operate] },
  { key: `POST ${A}/reversals`, slug: 'operations', scopes: [SCOPES.operate] },
  { key: 'GET /health', slug: 'health', scopes: [] },
  { key: 'GET /evacuated/{region}', slug: 'health', scopes: [] },
  { key: 'GET /openapi.json', slug: 'lookup', scopes: [] },
] as const satisfies readonly RouteName[];

export type RouteKey = (typeof ROUTES)[number]['key'];

/** Heartbeat keys per Region, spread over the shards of the ledger. */
export const HEARTBEAT_KEYS = 32;

/** Index of the views table: an account's lines in the order of their time (`at`). */
export const BY_TIME_INDEX = 'by-time';

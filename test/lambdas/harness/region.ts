// Owns one Region's handlers over whatever stores a test brings, called as API Gateway calls them.
// Leaves to the tests when the stream function gets what was written.

import { MemoryCatalog } from '../../../lambdas/adapters/memory/catalog.ts';
import { MemoryEventLog } from '../../../lambdas/adapters/memory/event-log.ts';
import { MemoryHeartbeats } from '../../../lambdas/adapters/memory/heartbeats.ts';
import { MemoryProfiles } from '../../../lambdas/adapters/memory/profiles.ts';
import { MemoryReadings } from '../../../lambdas/adapters/memory/readings.ts';
import { MemoryRegionState } from '../../../lambdas/adapters/memory/region-state.ts';
import { MemoryRehydrations } from '../../../lambdas/adapters/memory/rehydration.ts';
import { MemoryRequestCounter } from '../../../lambdas/adapters/memory/request-counter.ts';
import { MemoryViewStore } from '../../../lambdas/adapters/memory/view-store.ts';
import { createHealthHandler } from '../../../lambdas/health/create-health-handler.ts';
import { createLookupHandler } from '../../../lambdas/lookup/create-lookup-handler.ts';
import { Staleness } from '../../../lambdas/lookup/staleness.ts';
import { ViewTrust } from '../../../lambdas/lookup/view-trust.ts';
import { createOperationsHandler } from '../../../lambdas/operations/create-operations-handler.ts';
import { createPaymentsHandler } from '../../../lambdas/payments/create-payments-handler.ts';
import type { Catalog } from '../../../lambdas/ports/catalog.ts';
import type { EventLog } from '../../../lambdas/ports/event-log.ts';
import type { Heartbeats } from '../../../lambdas/ports/heartbeats.ts';
import type { Profiles } from '../../../lambdas/ports/profiles.ts';
import type { Readings } from '../../../lambdas/ports/readings.ts';
import type { RegionState } from '../../../lambdas/ports/region-state.ts';
import type { Rehydrations } from '../../../lambdas/ports/rehydration.ts';
import type { Budget } from '../../../lambdas/ports/request-counter.ts';
import type { ViewStore } from '../../../lambdas/ports/view-store.ts';
import { AccountLimit } from '../../../lambdas/shared/account-limit.ts';
import { Accounts } from '../../../lambdas/shared/accounts.ts';
import { createBreaker } from '../../../lambdas/shared/breaker.ts';
import { guardViews } from '../../../lambdas/shared/guarded-views.ts';
import type { ApiHandler } from '../../../lambdas/shared/http/router.ts';
import { ROUTES, type Slug } from '../../../lambdas/shared/names.ts';
import { createTariffsHandler } from '../../../lambdas/tariffs/create-tariffs-handler.ts';
import { apiEvent, type Call } from './api-event.ts';
import { ManualClock } from './manual-clock.ts';
import { RecordingTelemetry } from './recording-telemetry.ts';

/** 2026-11-02T12:00:00.000Z */
export const NOON_MS = 1_793_620_800_000;

export interface Stores {
  readonly ledger: EventLog;
  readonly views: ViewStore;
  readonly profiles: Profiles;
  readonly regionState: RegionState;
  readonly rehydrations: Rehydrations;
  readonly heartbeats: Heartbeats;
  readonly catalog: Catalog;
  readonly readings: Readings;
}

export const memoryStores = () => ({
  ledger: new MemoryEventLog(),
  views: new MemoryViewStore(),
  profiles: new MemoryProfiles(),
  regionState: new MemoryRegionState(),
  rehydrations: new MemoryRehydrations(),
  heartbeats: new MemoryHeartbeats(),
  catalog: new MemoryCatalog(),
  readings: new MemoryReadings(),
});

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: what a client gets is JSON of any form
  readonly body: any;
  readonly text: string;
}

export interface TestRegion {
  readonly clock: ManualClock;
  readonly telemetry: RecordingTelemetry;
  call(call: Call): Promise<Answer>;
  /** Hands every fact of the ledger to the view, as the stream would. */
  project(): Promise<void>;
}

export const testRegion = (stores: Stores, region = 'us-east-1', clock = new ManualClock(NOON_MS)): TestRegion => {
  const telemetry = new RecordingTelemetry();
  const jurisdiction = 'us';
  const { ledger, profiles, regionState, heartbeats } = stores;
  const usage = { catalog: stores.catalog, readings: stores.readings };
  const views = guardViews(stores.views, clock, telemetry);
  const shared = { region, jurisdiction, ledger, clock, telemetry };
  const accounts = () => new Accounts(ledger, views);
  const staleness = new Staleness(region, regionState, clock, telemetry);
  const trust = new ViewTrust(stores.rehydrations, clock, telemetry);
  const counter = new MemoryRequestCounter();
  const limit = (budget: Budget) =>
    new AccountLimit({
      budget,
      // Above what any test asks: the limit has tests of its own.
      limit: 1_000_000,
      counter,
      breaker: createBreaker('counts', { clock, telemetry }),
      clock,
      telemetry,
    });
  const handlers: Partial<Record<Slug, ApiHandler>> = {
    payments: createPaymentsHandler({ ...shared, accounts: accounts(), limit: limit('payments') }),
    operations: createOperationsHandler({ ...shared, accounts: accounts(), profiles, usage }),
    lookup: createLookupHandler({
      ...shared,
      accounts: accounts(),
      limit: limit('lookups'),
      views,
      staleness,
      trust,
      usage,
    }),
    tariffs: createTariffsHandler({ ...shared, accounts: accounts(), catalog: stores.catalog }),
    health: createHealthHandler({ ...shared, regions: ['us-east-1', 'us-west-2'], heartbeats, regionState }),
  };
  return {
    clock,
    telemetry,
    call: async (call) => {
      const slug = ROUTES.find(({ key }) => key === call.routeKey)?.slug ?? 'lookup';
      const result = await handlers[slug]?.(apiEvent(call));
      const text = result?.body ?? '';
      const headers = (result?.headers ?? {}) as Record<string, string>;
      return { status: Number(result?.statusCode), headers, text, body: text === '' ? undefined : JSON.parse(text) };
    },
    project: async () => {
      let next: { cursor?: string } = {};
      for (;;) {
        const { facts, cursor } = await ledger.scan({ limit: 1_000, ...next });
        await stores.views.apply(facts);
        if (cursor === undefined) return;
        next = { cursor };
      }
    },
  };
};

const ACCOUNT = '/v1/accounts/{accountId}';

/** The calls that tests make, each with what it usually has. */
export const calls = {
  open: (accountId = 'us_a', changes: object = {}): Call => ({
    routeKey: 'POST /v1/accounts',
    body: { accountId, name: 'A. Payer', currency: 'USD', timeZone: 'America/New_York', ...changes },
  }),
  pay: (key: string, amountMinor: unknown = 100, more: Partial<Call> = {}, accountId = 'us_a'): Call => ({
    routeKey: `POST ${ACCOUNT}/payments`,
    path: { accountId },
    body: { amountMinor, currency: 'USD', method: 'card_on_file' },
    ...more,
    headers: { 'idempotency-key': key, ...more.headers },
  }),
  bill: (key: string, period = '2026-10', amountMinor = 1_000, more: object = {}, accountId = 'us_a'): Call => ({
    routeKey: `POST ${ACCOUNT}/bills`,
    path: { accountId },
    headers: { 'idempotency-key': key },
    body: { period, dueDate: `${period}-28`, lines: [{ description: 'Gas', amountMinor }], ...more },
  }),
  refund: (key: string, paymentId: string, amountMinor: number, accountId = 'us_a'): Call => ({
    routeKey: `POST ${ACCOUNT}/payments/{paymentId}/refunds`,
    path: { accountId, paymentId },
    headers: { 'idempotency-key': key },
    body: { amountMinor, reason: 'paid twice' },
  }),
  adjust: (key: string, amountMinor: number, accountId = 'us_a'): Call => ({
    routeKey: `POST ${ACCOUNT}/adjustments`,
    path: { accountId },
    headers: { 'idempotency-key': key },
    body: { amountMinor, reason: 'goodwill' },
  }),
  reverse: (key: string, position: string, accountId = 'us_a'): Call => ({
    routeKey: `POST ${ACCOUNT}/reversals`,
    path: { accountId },
    headers: { 'idempotency-key': key },
    body: { position, reason: 'booked wrongly' },
  }),
  look: (below = '', more: Partial<Call> = {}, accountId = 'us_a'): Call => ({
    routeKey: `GET ${ACCOUNT}${below}`,
    ...more,
    path: { accountId, ...more.path },
  }),
};

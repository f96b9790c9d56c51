// Owns the way of one request through a function: find its route, run it, turn whatever happens into an answer, log, count.
// Leaves to the routes what they do; an error none of them foresaw becomes a 500 that says nothing of the inside.
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { CatalogUnavailable } from '../../ports/catalog.ts';
import type { Clock } from '../../ports/clock.ts';
import { CorruptFact, LedgerUnavailable } from '../../ports/event-log.ts';
import { ProfilesUnavailable } from '../../ports/profiles.ts';
import { ReadingsUnavailable } from '../../ports/readings.ts';
import { RegionStateUnavailable } from '../../ports/region-state.ts';
import { ViewUnavailable } from '../../ports/view-store.ts';
import { METRICS } from '../metric-names.ts';
import { ROUTES, type Slug } from '../names.ts';
import { errorFields, type LogFields, type Telemetry } from '../telemetry.ts';
import { type ApiEvent, traceOf } from './event.ts';
import { Refusal } from './problem.ts';
import { type Reply, refusalReply, writeReply } from './reply.ts';

/** The route keys that names.ts gives to a capability: a handler that leaves one out does not compile. */
export type RouteKeyOf<S extends Slug> = Extract<(typeof ROUTES)[number], { readonly slug: S }>['key'];

export type Route = (event: ApiEvent) => Promise<Reply>;

export interface ApiOptions<S extends Slug> {
  readonly region: string;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly routes: Readonly<Record<RouteKeyOf<S>, Route>>;
}

export type ApiHandler = (event: ApiEvent) => Promise<APIGatewayProxyStructuredResultV2>;

/** Route 53's checkers ask it three times in two seconds, and 404 is the answer of every day. */
const NOT_EVACUATED_ROUTE = 'GET /evacuated/{region}';

/** Their 503 is a working state, and they ask more often than all payers of a quiet night. */
const CHECKERS_ROUTES: ReadonlySet<string> = new Set(
  ROUTES.filter(({ slug }) => slug === 'health').map(({ key }) => key),
);

/** A Lambda handler that answers the routes of one capability. It never throws. */
export const createApi = <S extends Slug>({ region, clock, telemetry, routes }: ApiOptions<S>): ApiHandler => {
  const byKey = new Map<string, Route>(Object.entries(routes));
  return async (event) => {
    const startedMs = clock.nowMs();
    const context = { correlationId: event.requestContext.requestId, trace: traceOf(event), routeKey: event.routeKey };
    const reply = await answer(byKey.get(event.routeKey), event, context, telemetry);
    const durationMs = clock.nowMs() - startedMs;
    telemetry.milliseconds(METRICS.requestMs, durationMs);
    if (!CHECKERS_ROUTES.has(event.routeKey)) {
      const failed = reply.status >= 500 ? 1 : 0;
      telemetry.count(METRICS.unavailable, failed);
      telemetry.count(METRICS.apiUnavailable, failed);
    }
    // API Gateway's access log has every request, by the same id: what went well would only repeat it.
    const isExpected = event.routeKey === NOT_EVACUATED_ROUTE ? reply.status === 404 : reply.status < 400;
    if (!isExpected) telemetry.info('answered', { ...context, status: reply.status, durationMs });
    telemetry.flush();
    return writeReply(reply, region);
  };
};

const answer = async (
  route: Route | undefined,
  event: ApiEvent,
  context: LogFields,
  telemetry: Telemetry,
): Promise<Reply> => {
  try {
    if (route === undefined) throw new Refusal('route-not-found', 'See GET /openapi.json for the routes there are');
    return await route(event);
  } catch (error) {
    return refusalReply(refusalOf(error, context, telemetry));
  }
};

/** What a caller is told of `error`; whatever is not a plain refusal is logged and counted here. */
const refusalOf = (error: unknown, context: LogFields, telemetry: Telemetry): Refusal => {
  if (error instanceof Refusal) {
    if (error.slug === 'clock-skew') telemetry.count(METRICS.clockSkewRefusals);
    return error;
  }
  if (error instanceof LedgerUnavailable) {
    telemetry.count(error.outcome === 'not-attempted' ? METRICS.ledgerNotAttempted : METRICS.ledgerOutcomeUnknown);
    if (error.reason === 'throttled') telemetry.count(METRICS.ledgerThrottled);
    telemetry.warn('ledger unavailable', { ...context, outcome: error.outcome, reason: error.reason });
    return new Refusal(error.outcome, 'Try again with the same Idempotency-Key, here or in the other Region');
  }
  if (error instanceof ViewUnavailable || error instanceof RegionStateUnavailable) {
    telemetry.warn('regional tables unavailable', { ...context, ...errorFields(error) });
    return new Refusal('view-unavailable', 'Try again, here or in the other Region');
  }
  if (error instanceof ReadingsUnavailable) {
    telemetry.warn('readings unavailable', { ...context, ...errorFields(error) });
    return new Refusal('not-attempted', 'Try again, here or in the other Region');
  }
  if (error instanceof CatalogUnavailable) {
    telemetry.warn('catalog unavailable', { ...context, ...errorFields(error) });
    return new Refusal('not-attempted', 'Try again, here or in the other Region');
  }
  if (error instanceof ProfilesUnavailable) {
    telemetry.warn('profiles unavailable', { ...context, ...errorFields(error) });
    return new Refusal('not-attempted', 'Try again, here or in the other Region');
  }
  if (error instanceof CorruptFact) {
    telemetry.count(METRICS.corruptFact);
    const { accountId, key: factKey, reason } = error;
    telemetry.error('corrupt fact refused', { ...context, accountId, factKey, reason });
  } else {
    telemetry.error('unforeseen error', { ...context, ...errorFields(error) });
  }
  telemetry.count(METRICS.internalErrors);
  return new Refusal('internal-error', `Tell us the correlation id ${context.correlationId}`);
};

// Owns the two pages Route 53's checkers read: is this Region able to work, and does it hold its peer to be evacuated.
// Leaves to ledger-probe.ts what healthy means; the second page never touches the ledger (DESIGN D7).
import type { Clock } from '../ports/clock.ts';
import type { Heartbeats } from '../ports/heartbeats.ts';
import type { RegionState } from '../ports/region-state.ts';
import { type ApiEvent, pathParameter } from '../shared/http/event.ts';
import { Refusal } from '../shared/http/problem.ts';
import type { Reply } from '../shared/http/reply.ts';
import { HEADERS } from '../shared/http/reply.ts';
import { type ApiHandler, createApi } from '../shared/http/router.ts';
import { METRICS } from '../shared/metric-names.ts';
import type { Telemetry } from '../shared/telemetry.ts';
import { LedgerProbe, type ProbeTiming } from './ledger-probe.ts';

export interface HealthDeps {
  readonly region: string;
  /** Every Region of the jurisdiction. */
  readonly regions: readonly string[];
  readonly heartbeats: Heartbeats;
  readonly regionState: RegionState;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly timing?: ProbeTiming;
}

/** A probe's result counts for two seconds: asking sooner brings nothing new. */
const RETRY_AFTER_SECONDS = '2';

export const createHealthHandler = (deps: HealthDeps): ApiHandler => {
  const probe = new LedgerProbe(deps.heartbeats, deps.clock, deps.timing);
  return createApi<'health'>({
    ...deps,
    routes: { 'GET /health': () => health(deps, probe), 'GET /evacuated/{region}': (event) => evacuated(deps, event) },
  });
};

const health = async ({ region, telemetry }: HealthDeps, probe: LedgerProbe): Promise<Reply> => {
  const status = await probe.status();
  const checkedAt = new Date(status.checkedAtMs).toISOString();
  telemetry.count(METRICS.regionHealthy, status.kind === 'healthy' ? 1 : 0);
  if (status.kind === 'healthy') {
    return { status: 200, body: { status: 'healthy', region, ledger: status.ledger, checkedAt } };
  }
  telemetry.warn('this Region must not get traffic', { region, reason: status.reason });
  return {
    status: 503,
    body: { status: 'unhealthy', region, reason: status.reason, checkedAt },
    headers: { [HEADERS.retryAfter]: RETRY_AFTER_SECONDS },
  };
};

const evacuated = async ({ region, regions, regionState }: HealthDeps, event: ApiEvent): Promise<Reply> => {
  const peer = pathParameter(event, 'region');
  const isPeer = peer !== region && regions.includes(peer);
  if (!isPeer || !(await regionState.isEvacuated(peer))) {
    throw new Refusal('region-not-evacuated', 'Only a peer that this Region was told to evacuate is found here');
  }
  return { status: 200, body: { region: peer, evacuated: true } };
};

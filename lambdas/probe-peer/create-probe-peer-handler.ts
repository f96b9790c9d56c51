// Owns what one Region sees of the other, and of the name that payers use, from outside and once a minute (DESIGN D7).
// Leaves to lib/alarms who is told, to /health what healthy means. It changes nothing: no traffic moves by what it finds.
import type { RegionPages } from '../ports/region-pages.ts';
import type { RegionState } from '../ports/region-state.ts';
import { METRICS } from '../shared/metric-names.ts';
import type { Pacing } from '../shared/pacing.ts';
import { RETRIES } from '../shared/policies.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';

export interface ProbePeerDeps {
  readonly peer: string;
  readonly hostnames: {
    /** Of the Regions, whatever their health. */
    readonly own: string;
    readonly peer: string;
    /** The one that payers use, which DNS leads to a healthy Region. */
    readonly routed: string;
  };
  readonly pages: RegionPages;
  readonly regionState: Pick<RegionState, 'isEvacuated'>;
  readonly pacing: Pacing;
  readonly telemetry: Telemetry;
}

export const createProbePeerHandler = (deps: ProbePeerDeps) => async (): Promise<void> => {
  const { hostnames, telemetry } = deps;
  try {
    const [own, peer, routed] = await Promise.all(
      [hostnames.own, hostnames.peer, hostnames.routed].map((hostname) => look(deps, hostname)),
    );
    await tellPeer(deps, peer);
    tellRouting(deps, routed, [own, peer]);
  } finally {
    telemetry.flush();
  }
};

type Look = { readonly kind: 'healthy' } | { readonly kind: 'unhealthy'; readonly why: string };

/** One lost answer is no outage: healthy is what says so once in a few tries. */
const look = async ({ pages, pacing }: ProbePeerDeps, hostname: string): Promise<Look> => {
  for (let attempt = 1; ; attempt++) {
    const answer = await pages.ask(hostname, '/health');
    if (answer.kind === 'answered' && answer.status === 200) return { kind: 'healthy' };
    if (attempt === RETRIES.probe.tries)
      return { kind: 'unhealthy', why: answer.kind === 'answered' ? `answered ${answer.status}` : answer.why };
    await pacing.pause(attempt);
  }
};

/** Who was taken out of service on purpose may be down: nobody is woken for it, and readmitting it looks at it first. */
const tellPeer = async (deps: ProbePeerDeps, found: Look | undefined): Promise<void> => {
  const { peer, telemetry } = deps;
  if (found?.kind !== 'unhealthy') {
    telemetry.count(METRICS.peerHealthy, 1);
    return;
  }
  const isEvacuated = await isPeerEvacuated(deps);
  telemetry.count(METRICS.peerHealthy, isEvacuated ? 1 : 0);
  telemetry.warn(isEvacuated ? 'the evacuated peer is not healthy' : 'the peer is not healthy', {
    region: peer,
    reason: found.why,
  });
};

/** Not known counts as not evacuated: then somebody looks. */
const isPeerEvacuated = async ({ peer, regionState, telemetry }: ProbePeerDeps): Promise<boolean> => {
  try {
    return await regionState.isEvacuated(peer);
  } catch (error) {
    telemetry.warn('whether the peer is evacuated is not known', errorFields(error));
    return false;
  }
};

/**
 * Routing is at fault when some Region is healthy and the payers' name leads to none. When none is, from here, routing cannot be
 * judged: nothing is published, and the alarms on the Regions themselves ring.
 */
const tellRouting = (
  { telemetry }: ProbePeerDeps,
  routed: Look | undefined,
  regions: readonly (Look | undefined)[],
): void => {
  if (routed?.kind !== 'unhealthy') {
    telemetry.count(METRICS.routingAnswers, 1);
    return;
  }
  const canBeJudged = regions.some((region) => region?.kind === 'healthy');
  if (canBeJudged) telemetry.count(METRICS.routingAnswers, 0);
  telemetry.warn(canBeJudged ? 'the payers’ hostname leads to no healthy Region' : 'no Region is healthy from here', {
    reason: routed.why,
  });
};

// Owns what else is going on while an alarm rings: asked all at once, each source for itself, each in bounded time.
// Leaves to likely-cause.ts what follows from it. A source that fails is named as not known; it holds up nothing.
import { within } from '../adapters/deadlines.ts';
import type { AlarmStates, RingingAlarm } from '../ports/alarm-states.ts';
import type { Deployment, Deployments } from '../ports/deployments.ts';
import type { RegionPages } from '../ports/region-pages.ts';
import type { RegionState } from '../ports/region-state.ts';

export type Known<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'unknown'; readonly why: string };

export interface Context {
  readonly ringing: Known<readonly RingingAlarm[]>;
  readonly deployments: Known<readonly Deployment[]>;
  /** The Regions out of service on purpose. Of a Region its peer knows. */
  readonly peerEvacuated: Known<boolean>;
  readonly ownEvacuated: Known<boolean>;
}

export interface ContextSources {
  readonly region: string;
  readonly peer: string;
  readonly peerHostname: string;
  readonly alarms: Pick<AlarmStates, 'ringing'>;
  readonly deployments: Deployments;
  readonly regionState: Pick<RegionState, 'isEvacuated'>;
  readonly pages: RegionPages;
}

export const gatherContext = async (sources: ContextSources, timeoutMs: number): Promise<Context> => {
  const [ringing, deployments, peerEvacuated, ownEvacuated] = await Promise.all([
    known(timeoutMs, () => sources.alarms.ringing()),
    known(timeoutMs, () => sources.deployments.latest()),
    known(timeoutMs, () => sources.regionState.isEvacuated(sources.peer)),
    known(timeoutMs, () => isOwnEvacuated(sources)),
  ]);
  return { ringing, deployments, peerEvacuated, ownEvacuated };
};

/** The page that Route 53 asks too: 200 while this Region is evacuated, 404 while it is not. */
const isOwnEvacuated = async ({ pages, peerHostname, peer, region }: ContextSources): Promise<boolean> => {
  const answer = await pages.ask(peerHostname, `/evacuated/${region}`);
  if (answer.kind === 'silent') throw new Error(`${peer} does not answer: ${answer.why}`);
  if (answer.status === 200 || answer.status === 404) return answer.status === 200;
  throw new Error(`${peer} answered ${answer.status}`);
};

const known = async <T>(timeoutMs: number, ask: () => Promise<T>): Promise<Known<T>> => {
  try {
    const value = await within(timeoutMs, ask);
    return { kind: 'known', value };
  } catch (error) {
    return { kind: 'unknown', why: (error as { readonly message?: string }).message ?? 'no answer' };
  }
};

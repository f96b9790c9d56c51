// Owns what scenarios ask of the state of a pair.
// Leaves to the control API what the state is.
import type { QueueSlug } from '../../lambdas/shared/names.ts';
import type { AlarmStatus } from '../../local/cloudwatch/alarm-plan.ts';
import type { Harness } from './harness.ts';

export const isLedTo = async (baseload: Harness, region: string): Promise<boolean> =>
  (await baseload.state()).dns.answer === region;

export const isHealthy = async (baseload: Harness, region: string): Promise<boolean> =>
  (await baseload.state()).regions[region]?.health === 'healthy';

const isAlarm = async (baseload: Harness, slug: string, region: string, state: AlarmStatus): Promise<boolean> =>
  (await baseload.state()).alarms.some((one) => one.slug === slug && one.region === region && one.state === state);

export const isRinging = (baseload: Harness, slug: string, region: string): Promise<boolean> =>
  isAlarm(baseload, slug, region, 'ALARM');

/** It was judged, and does not ring. */
export const isSilent = (baseload: Harness, slug: string, region: string): Promise<boolean> =>
  isAlarm(baseload, slug, region, 'OK');

/** Nothing waits or is under way on the queue, in either Region. */
export const isWorkedOff = async (baseload: Harness, queue: QueueSlug): Promise<boolean> =>
  (await baseload.state()).queues.every(({ slug, visible, inFlight }) => slug !== queue || visible + inFlight === 0);

/** Of both Regions. */
export const deadLetters = async (baseload: Harness, queue: QueueSlug): Promise<number> =>
  (await baseload.state()).queues.reduce((sum, { slug, dlq }) => (slug === queue ? sum + dlq : sum), 0);

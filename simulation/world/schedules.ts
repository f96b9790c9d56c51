// Owns what runs in each Region because time passes: checkers of its health, and the functions that a schedule calls.
// Leaves to lib/ how often that is in AWS; a run asks for health less often, to save its own time.
import { apiEvent } from '../clients/api-event.ts';
import type { Random } from '../engine/random.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { Region } from './region.ts';

const MINUTE_MS = 60_000;
const HEALTH_EVERY_MS = 15_000;

const EVERY: readonly {
  readonly name: 'sweep' | 'seal-windows' | 'scrub' | 'rehydrate-view';
  readonly everyMs: number;
}[] = [
  { name: 'seal-windows', everyMs: MINUTE_MS },
  { name: 'scrub', everyMs: MINUTE_MS },
  { name: 'rehydrate-view', everyMs: MINUTE_MS },
  { name: 'sweep', everyMs: 5 * MINUTE_MS },
];

/** `slowness`: how many times rarer everything happens just now; hours without anybody are not worth their minutes. */
export const startSchedules = (
  region: Region,
  { time, random, slowness }: { readonly time: VirtualTime; readonly random: Random; readonly slowness: () => number },
): void => {
  const repeat = (everyMs: number, call: () => Promise<unknown>): void => {
    const next = (): void => {
      // A call that is slow does not hold up the next: schedules do not wait.
      void call();
      time.after(everyMs * slowness(), next);
    };
    time.after(random.between(0, everyMs), next);
  };
  repeat(HEALTH_EVERY_MS, () => region.invoke('health', apiEvent({ routeKey: 'GET /health' })));
  for (const { name, everyMs } of EVERY) repeat(everyMs, () => region.invoke(name));
};

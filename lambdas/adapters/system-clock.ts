// Owns the machine's clock: the only file of the handlers that may ask it.
// Leaves to everyone else: to be given a Clock.
import type { Clock } from '../ports/clock.ts';

export const systemClock: Clock = { nowMs: () => Date.now() };

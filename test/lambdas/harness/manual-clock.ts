// Owns a clock that stands still until a test moves it.
import type { Clock } from '../../../lambdas/ports/clock.ts';

export class ManualClock implements Clock {
  constructor(public currentMs: number) {}
  nowMs(): number {
    return this.currentMs;
  }
}

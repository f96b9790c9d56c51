// Owns the alarms of a running Region over time: evaluated every few seconds, their states kept, what changes handed on.
// Leaves to evaluate-alarms.ts what the states are, to region-metrics.ts what is measured.
import type { AlarmReading } from '../processes.ts';
import type { MemoryKeeper } from './alarm-memory.ts';
import type { AlarmPlan } from './alarm-plan.ts';
import { evaluateAlarms, type Memory, type Notification, type StatusChange } from './evaluate-alarms.ts';
import type { MetricStore } from './metric-store.ts';

export interface AlarmWatchOptions {
  readonly alarms: readonly AlarmPlan[];
  readonly store: MetricStore;
  /** Publishes what is measured by looking: ages and depths. */
  readonly sample: () => void;
  readonly memory: MemoryKeeper;
  readonly onChange: (change: StatusChange) => void;
  readonly onNotification: (notification: Notification) => void;
  /** For whoever goes by the states, after each evaluation. */
  readonly onEvaluated?: () => void;
  readonly nowMs: () => number;
}

/** A machine that was asleep, or a clock that was moved: time that nobody lived through is no silence. */
const MAX_GAP_MS = 60_000;
const TICK_MS = 5_000;

export class AlarmWatch {
  #memory: Memory;
  #watchedSinceMs: number;
  #lastMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: AlarmWatchOptions) {
    this.#memory = options.memory.read();
    this.#watchedSinceMs = options.nowMs();
    this.#lastMs = this.#watchedSinceMs;
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One evaluation, now. */
  tick(): void {
    const { alarms, store, sample, onChange, onNotification, onEvaluated } = this.options;
    const nowMs = this.options.nowMs();
    if (nowMs < this.#lastMs || nowMs - this.#lastMs > MAX_GAP_MS) this.#watchedSinceMs = nowMs;
    this.#lastMs = nowMs;
    sample();
    store.forget(nowMs);
    const watch = { nowMs, watchedSinceMs: this.#watchedSinceMs };
    const { memory, changes, notifications } = evaluateAlarms(
      alarms,
      this.#memory,
      (query, fromMs, toMs) => store.statistic(query, fromMs, toMs),
      watch,
    );
    this.#memory = memory;
    this.options.memory.write(memory);
    for (const change of changes) onChange(change);
    for (const notification of notifications) onNotification(notification);
    onEvaluated?.();
  }

  readings(): readonly AlarmReading[] {
    return this.options.alarms.map(({ name }) => {
      const known = this.#memory.get(name);
      return { name, state: known?.status ?? 'INSUFFICIENT_DATA', sinceMs: known?.sinceMs ?? this.#watchedSinceMs };
    });
  }
}

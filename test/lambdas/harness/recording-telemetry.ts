// Owns a twin of the telemetry that keeps what it was told.
import type { Downstream, MetricName } from '../../../lambdas/shared/metric-names.ts';
import { allowedOnly, type LogFields, type Telemetry } from '../../../lambdas/shared/telemetry.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

export class RecordingTelemetry implements Telemetry {
  readonly counts = new Map<MetricName, number>();
  readonly durations = new Map<MetricName, number[]>();
  readonly breakersOpened: Downstream[] = [];
  readonly lines: LogLine[] = [];
  flushes = 0;

  count(metric: MetricName, value = 1): void {
    this.counts.set(metric, (this.counts.get(metric) ?? 0) + value);
  }
  milliseconds(metric: MetricName, valueMs: number): void {
    this.durations.set(metric, [...(this.durations.get(metric) ?? []), valueMs]);
  }
  breakerOpened(downstream: Downstream): void {
    this.breakersOpened.push(downstream);
  }
  info = (message: string, fields: LogFields): void => this.#log('info', message, fields);
  warn = (message: string, fields: LogFields): void => this.#log('warn', message, fields);
  error = (message: string, fields: LogFields): void => this.#log('error', message, fields);
  flush(): void {
    this.flushes += 1;
  }
  /** Everything that was logged, as one text to search in. */
  get text(): string {
    return JSON.stringify(this.lines);
  }

  #log(level: LogLine['level'], message: string, fields: LogFields): void {
    this.lines.push({ level, message, fields: allowedOnly(fields) });
  }
}

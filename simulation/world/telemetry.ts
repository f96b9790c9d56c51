// Owns what functions say in a simulation: warnings and errors become lines of the run's story.
// Leaves metrics out: what a run must show, the auditor finds in the stores.
import type { LogFields, Telemetry } from '../../lambdas/shared/telemetry.ts';
import type { Trace } from '../engine/trace.ts';

export const tracedTelemetry = (trace: Trace, who: string): Telemetry => {
  const tell = (level: string) => (message: string, fields: LogFields) => {
    const { stack: _, correlationId: __, ...told } = fields;
    trace.tell(`${who} ${level}: ${message} ${JSON.stringify(told)}`);
  };
  return {
    count: () => {},
    milliseconds: () => {},
    breakerOpened: (downstream) => trace.tell(`${who} breaker opened: ${downstream}`),
    info: () => {},
    warn: tell('warns'),
    error: tell('reports'),
    flush: () => {},
  };
};

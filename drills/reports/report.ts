// Owns what is reported of a drill: what was believed, the figures, what was promised and kept, the timeline. This is the JSON.
// Leaves to page.ts how it looks.
import { type Measured, measure } from '../measure.ts';
import type { Recording } from '../recording.ts';
import type { Scenario } from '../scenario.ts';
import { STEADY_STATE } from '../stage.ts';
import { type Timeline, timelineOf } from './timeline.ts';

export interface DrillReport extends Pick<Scenario, 'name' | 'hypothesis' | 'blastRadius'> {
  /** Every promise was kept, and the drill was played to its end. */
  readonly passed: boolean;
  readonly at: string;
  /** From starting the pair of Regions to its end. */
  readonly tookMs: number;
  readonly steadyState: string;
  readonly abortCondition: string;
  /** Why it was broken off; absent when it was not. */
  readonly broken?: string;
  readonly promises: readonly { readonly says: string; readonly kept: boolean; readonly measured: string }[];
  readonly measured: Measured;
  readonly writeLatency: Recording['writeLatency'];
  readonly routing: Recording['routing'];
  /** How often each answer was one that no payer wants, by kind of payer and answer. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly timeline: Timeline;
}

export const reportOf = (scenario: Scenario, recording: Recording, at: Date, tookMs: number): DrillReport => {
  const { name, hypothesis, blastRadius, abortAfterSilenceMs } = scenario;
  const { broken, routing, writeLatency } = recording;
  const measured = measure(recording);
  const promises = scenario.promises.map(({ says, keeps }) => ({ says, ...keeps(measured) }));
  const refusals: Record<string, number> = {};
  for (const { kind, what } of recording.refusals)
    refusals[`${kind}: ${what}`] = (refusals[`${kind}: ${what}`] ?? 0) + 1;
  return {
    name,
    hypothesis,
    blastRadius,
    passed: broken === undefined && promises.every(({ kept }) => kept),
    at: at.toISOString(),
    tookMs,
    steadyState: STEADY_STATE,
    abortCondition: `No payer is acknowledged for ${abortAfterSilenceMs / 1000} s.`,
    ...(broken === undefined ? {} : { broken }),
    promises,
    measured,
    writeLatency,
    routing,
    refusals,
    timeline: timelineOf(recording),
  };
};

// Owns how a fault of the plan begins and ends.
// Leaves to whoever is struck what it does, to damage.ts what is harmed in the stores.
import type { Trace } from '../engine/trace.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { FaultStep } from '../plan/plan.ts';
import { type Network, REGIONS } from '../world/network.ts';
import { type DamageDeps, doDamage, type Harmed } from './damage.ts';
import type { FaultBoard } from './fault-board.ts';

export interface FaultDeps extends DamageDeps {
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly network: Network;
  readonly faults: FaultBoard;
  readonly harmed: Harmed;
}

/** Begins the fault; gives back how it ends. */
const begin = (deps: FaultDeps, step: FaultStep): (() => void) => {
  const { network, faults, regions, harmed, trace } = deps;
  const region = step.region ?? REGIONS[0];
  switch (step.kind) {
    case 'partition':
      for (const line of step.lines ?? []) network.cut(line);
      return () => {
        for (const line of step.lines ?? []) network.heal(line);
        for (const one of Object.values(regions)) one.resume();
      };
    case 'region-loss':
      faults.count('region-loss');
      regions[region].lose();
      return () => regions[region].comeBack();
    case 'stream-past-retention':
      regions[region].isStreamRead = false;
      return () => {
        regions[region].isStreamRead = true;
        regions[region].resume();
      };
    case 'clock-skew':
      faults.count('clock-skew');
      regions[region].skewMs = step.skewMs ?? 0;
      return () => {
        regions[region].skewMs = 0;
      };
    case 'damaged-facts':
    case 'damaged-lines':
    case 'lost-lines':
    case 'damaged-sums': {
      const done = doDamage(deps, harmed, { kind: step.kind, region, pick: step.pick ?? 0 });
      if (done !== undefined) {
        faults.count(step.kind);
        trace.tell(`damage: ${done}`);
      }
      return () => {};
    }
    default: {
      const { kind, rate } = step;
      const fault = { kind, rate, ...(step.region && { region: step.region }) };
      faults.begin(fault);
      return () => faults.end(fault);
    }
  }
};

export const applyFault = (deps: FaultDeps, step: FaultStep): void => {
  const where = step.region === undefined ? '' : ` in ${step.region}`;
  deps.trace.tell(`fault begins: ${step.kind}${where}`);
  const end = begin(deps, step);
  deps.time.after(step.forMs, () => {
    deps.trace.tell(`fault ends: ${step.kind}${where}`);
    end();
  });
};

// Owns what is known of one Region at a glance, each part asked for by itself: what does not answer keeps nothing else from being shown.
// Leaves to cells.ts what is well and what is not.
import type { Deployment } from '../../lambdas/ports/deployments.ts';
import type { Rehydration } from '../../lambdas/ports/rehydration.ts';
import type { VerifiedHead } from '../../lambdas/ports/seals.ts';
import type { Target } from '../target.ts';
import type { QueueSeen, RingingSeen, SeenHealth, Vantage } from '../vantage/vantage.ts';
import { type Asked, asked } from './asked.ts';
import { RegionTables } from './region-tables.ts';

export interface RegionStatus {
  readonly region: string;
  readonly health: Asked<SeenHealth>;
  /** Where payers near it are led. */
  readonly answer: Asked<string | undefined>;
  /** As its peer holds it. */
  readonly evacuated: Asked<boolean>;
  /** How far behind its view is, and what it has heard of its peer: milliseconds. */
  readonly viewAgeMs: Asked<number>;
  readonly peerAgeMs: Asked<number>;
  readonly rebuild: Asked<Rehydration | undefined>;
  readonly seals: Asked<SealsSeen>;
  readonly alarms: Asked<readonly RingingSeen[]>;
  readonly queues: Asked<readonly QueueSeen[]>;
  readonly deployments: Asked<readonly Deployment[]>;
}

export interface SealsSeen {
  /** With at least one verified seal. */
  readonly chains: number;
  /** The end of the latest window whose seal it has verified; undefined before the first. Epoch milliseconds. */
  readonly verifiedUntilMs?: number;
  /** Chains in which another Region has verified more, and for how long the oldest of them has waited: milliseconds. */
  readonly behind: number;
  readonly behindMs: number;
}

/** Every Region of the target. Never rejects. */
export const statusOf = async (target: Target, vantage: Vantage, nowMs: number): Promise<readonly RegionStatus[]> => {
  const tables = new Map(target.regions.map((region) => [region, new RegionTables(target, region)]));
  try {
    const heads = new Map(
      await Promise.all([...tables].map(async ([region, one]) => [region, await asked(one.sealHeads())] as const)),
    );
    return await Promise.all(
      [...tables.keys()].map((region) => regionStatus({ region, tables, heads, vantage, nowMs })),
    );
  } finally {
    for (const one of tables.values()) one.close();
  }
};

type Heads = ReadonlyMap<number, VerifiedHead>;

interface Sources {
  readonly region: string;
  readonly tables: ReadonlyMap<string, RegionTables>;
  readonly heads: ReadonlyMap<string, Asked<Heads>>;
  readonly vantage: Vantage;
  readonly nowMs: number;
}

const regionStatus = async (sources: Sources): Promise<RegionStatus> => {
  const { region, tables, vantage, nowMs } = sources;
  const peer = [...tables.keys()].find((one) => one !== region) ?? region;
  const own = tablesOf(sources, region);
  const ageMs = async (of: string): Promise<number> => Math.max(0, nowMs - (await own.heardUntilMs(of)));
  const [health, answer, evacuated, viewAgeMs, peerAgeMs, rebuild, alarms, queues, deployments] = await Promise.all([
    asked(vantage.health(region)),
    asked(vantage.answerNear(region)),
    asked(tablesOf(sources, peer).holdsEvacuated(region)),
    asked(ageMs(region)),
    asked(ageMs(peer)),
    asked(own.rebuild()),
    asked(vantage.ringing(region)),
    asked(vantage.queues(region)),
    asked(vantage.deployments(region)),
  ]);
  const seals = sealsOf(sources);
  return { region, health, answer, evacuated, viewAgeMs, peerAgeMs, rebuild, seals, alarms, queues, deployments };
};

const tablesOf = ({ tables }: Sources, region: string): RegionTables => {
  const found = tables.get(region);
  if (found === undefined) throw new Error(`the target has no Region ${region}`);
  return found;
};

/** A chain is behind when another Region has verified a later seal of it; what no Region has verified is not seen here. */
const sealsOf = ({ region, heads, nowMs }: Sources): Asked<SealsSeen> => {
  const own = heads.get(region);
  if (own?.kind !== 'known') return own ?? { kind: 'unknown', why: 'not asked for' };
  const others = [...heads.values()].flatMap((one) => (one.kind === 'known' ? [...one.value] : []));
  const ahead = others.filter(([bucket, { ordinal }]) => ordinal > (own.value.get(bucket)?.ordinal ?? 0));
  const ends = [...own.value.values()].map(({ windowEndMs }) => windowEndMs);
  return {
    kind: 'known',
    value: {
      chains: ends.length,
      ...(ends.length > 0 && { verifiedUntilMs: Math.max(...ends) }),
      behind: new Set(ahead.map(([bucket]) => bucket)).size,
      behindMs: Math.max(0, ...ahead.map(([, { windowEndMs }]) => nowMs - windowEndMs)),
    },
  };
};

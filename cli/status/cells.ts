// Owns what is said of each part of a Region's status, and whether that is well: the rows of the screen.
// Leaves to render.ts where it stands, and to region-status.ts how it is known.
import type { Asked } from './asked.ts';
import type { RegionStatus } from './region-status.ts';

export type Tone = 'well' | 'plain' | 'wrong' | 'unknown';

export interface Cell {
  readonly text: string;
  readonly tone: Tone;
  /** What did not find room in `text`. */
  readonly details?: readonly string[];
}

export interface Row {
  readonly label: string;
  readonly cell: (status: RegionStatus) => Cell;
}

/** As the alarms projection-lag and replication-lag; and seal-unverified. */
const TOO_OLD_MS = 60_000;
const TOO_LONG_UNVERIFIED_MS = 5 * 60_000;

const well = (text: string): Cell => ({ text, tone: 'well' });
const plain = (text: string): Cell => ({ text, tone: 'plain' });
const wrong = (text: string, details: readonly string[] = []): Cell => ({ text, tone: 'wrong', details });

const known = <T>(part: Asked<T>, say: (value: T) => Cell): Cell =>
  part.kind === 'known' ? say(part.value) : { text: 'unknown', tone: 'unknown', details: [part.why] };

const seconds = (ms: number): string => {
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
};

const age = (part: Asked<number>): Cell =>
  known(part, (ms) => (ms >= TOO_OLD_MS ? wrong : well)(`${seconds(ms)} behind`));

export const ROWS: readonly Row[] = [
  {
    label: 'health',
    cell: ({ health }) =>
      known(health, (seen) => (seen.kind === 'healthy' ? well('healthy') : wrong('not healthy', [seen.why]))),
  },
  {
    label: 'DNS near it',
    cell: ({ answer, health, evacuated, region }) =>
      known(answer, (led) => {
        if (led === undefined) return wrong('leads to no Region');
        if (led !== region) return plain(`leads to ${led}`);
        const isOut = evacuated.kind === 'known' && evacuated.value;
        const isIll = health.kind === 'known' && health.value.kind === 'unhealthy';
        return isOut || isIll ? wrong('still leads to it') : well('leads to it');
      }),
  },
  { label: 'evacuated', cell: ({ evacuated }) => known(evacuated, (isOut) => (isOut ? wrong('yes') : well('no'))) },
  { label: 'view', cell: ({ viewAgeMs }) => age(viewAgeMs) },
  { label: 'of its peer', cell: ({ peerAgeMs }) => age(peerAgeMs) },
  {
    label: 'view rebuild',
    cell: ({ rebuild }) =>
      known(rebuild, (run) => {
        if (run === undefined) return plain('never looked at');
        if (run.state === 'current') return well('whole');
        return wrong(`under way, ${run.factsApplied} facts`, [`because of: ${run.reason}`]);
      }),
  },
  {
    label: 'seals',
    cell: ({ seals }) =>
      known(seals, ({ chains, verifiedUntilMs, behind, behindMs }) => {
        if (verifiedUntilMs === undefined && behind === 0) return plain('none yet');
        if (behind > 0)
          return (behindMs >= TOO_LONG_UNVERIFIED_MS ? wrong : plain)(
            `${behind} chains behind, ${seconds(behindMs)} at most`,
          );
        return well(
          `${chains} chains, to ${new Date(verifiedUntilMs ?? 0).toISOString().slice(5, 16).replace('T', ' ')}`,
        );
      }),
  },
  {
    label: 'alarms',
    cell: ({ alarms }) =>
      known(alarms, (ringing) => {
        if (ringing.length === 0) return well('quiet');
        const tiers = [...new Set(ringing.map(({ tier }) => tier))].sort();
        const named = tiers.map((tier) => ({ tier, slugs: ringing.filter((one) => one.tier === tier) }));
        return wrong(
          named.map(({ tier, slugs }) => `${tier} ${slugs.length}`).join(', '),
          named.map(({ tier, slugs }) => `${tier} ${slugs.map(({ slug }) => slug).join(', ')}`),
        );
      }),
  },
  {
    label: 'queues',
    cell: ({ queues }) =>
      known(queues, (all) => {
        const waiting = all.reduce((sum, { visible }) => sum + visible, 0);
        const givenUp = all.filter(({ deadLetters }) => deadLetters > 0);
        const oldestMs = Math.max(0, ...all.map(({ oldestAgeMs }) => oldestAgeMs ?? 0));
        const text = waiting === 0 ? 'empty' : `${waiting} waiting, oldest ${seconds(oldestMs)}`;
        if (givenUp.length === 0) return well(text);
        const count = givenUp.reduce((sum, { deadLetters }) => sum + deadLetters, 0);
        return wrong(
          `${text}; ${count} given up`,
          givenUp.map(({ slug, deadLetters }) => `${deadLetters} in the dead-letter queue of ${slug}`),
        );
      }),
  },
  {
    label: 'deploys',
    cell: ({ deployments }) =>
      known(deployments, (all) =>
        all.length === 0 ? well('none under way') : plain(all.map(({ slug }) => slug).join(', ')),
      ),
  },
];

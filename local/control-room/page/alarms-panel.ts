// Owns the alarms by tier: how many ring, which, for how long.
import type { ControlState } from '../../control/state.ts';
import type { Live } from '../live.ts';
import { byId, fill, make } from './dom.ts';
import { counted, duration } from './numbers.ts';

const TIERS = { P0: 'wakes somebody', P1: 'is worked on today', P2: 'is looked at' } as const;
/** What rings together has one cause mostly: the first ones name it. */
const MOST_NAMED = 4;
type Alarm = ControlState['alarms'][number];

export const alarmsPanel = ({ state }: Live): void => {
  if (state === undefined) return;
  const { alarms, clock } = state;
  const rows = Object.entries(TIERS).map(([tier, meaning]) => {
    const own = alarms.filter((alarm) => alarm.tier === tier);
    const ringing = own.filter((alarm) => alarm.state === 'ALARM');
    const unknown = own.filter((alarm) => alarm.state === 'INSUFFICIENT_DATA').length;
    const silent = unknown === 0 ? '' : `, ${unknown} without data`;
    const words = `${ringing.length} of ${counted(own.length, 'alarm')} ${ringing.length === 1 ? 'rings' : 'ring'}${silent}`;
    return { tier, meaning, words, ringing: ringing.map((alarm) => nameOf(alarm, clock.nowMs)) };
  });
  fill(byId('alarms'), rows, () =>
    rows.map(({ tier, meaning, words, ringing }) =>
      make(
        'li',
        {},
        make('b', {}, tier),
        make('span', {}, `${words} `, make('span', { class: 'quiet' }, `(${meaning})`)),
        ...ringing.slice(0, MOST_NAMED).map((name) => make('span', { class: 'ringing' }, name)),
        ...(ringing.length > MOST_NAMED
          ? [make('span', { class: 'more' }, `and ${ringing.length - MOST_NAMED} more`)]
          : []),
      ),
    ),
  );
};

const nameOf = ({ slug, region, sinceMs }: Alarm, nowMs: number): string =>
  `${slug} of ${region}, ${duration(Math.max(0, nowMs - sinceMs))}`;

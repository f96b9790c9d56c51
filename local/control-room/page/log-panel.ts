// Owns the list of what happened, the newest first, with the time in UTC as the run's own screen has it.
import type { Live } from '../live.ts';
import { byId, fill, make } from './dom.ts';
import { timeOfDay } from './numbers.ts';

export const logPanel = ({ happenings }: Live): void => {
  fill(byId('log'), happenings, () =>
    happenings.length === 0
      ? [make('li', {}, make('span', {}, 'nothing yet'))]
      : happenings.map(({ atMs, subject, before, now }) =>
          make(
            'li',
            {},
            make('time', { datetime: new Date(atMs).toISOString() }, timeOfDay(atMs)),
            make('span', {}, `${subject}: ${before} → ${now}`),
          ),
        ),
  );
};

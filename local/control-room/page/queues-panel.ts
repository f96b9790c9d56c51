// Owns the table of queues: what lies on each, by Region.
import type { Live, Opening } from '../live.ts';
import { byId, fill, make } from './dom.ts';
import { queueWords } from './words.ts';

export const queuesPanel =
  ({ regions }: Opening) =>
  ({ state }: Live): void => {
    if (state === undefined) return;
    const slugs = [...new Set(state.queues.map(({ slug }) => slug))];
    const rows = slugs.map((slug) => [
      slug,
      ...regions.map((name) => {
        const queue = state.queues.find((one) => one.region === name && one.slug === slug);
        return queue === undefined ? 'not known' : queueWords(queue);
      }),
    ]);
    fill(byId('queues'), rows, () => [
      make('tr', {}, ...['queue', ...regions].map((name) => make('th', { scope: 'col' }, name))),
      ...rows.map(([slug = '', ...cells]) =>
        make('tr', {}, make('th', { scope: 'row' }, slug), ...cells.map((words) => make('td', {}, words))),
      ),
    ]);
  };

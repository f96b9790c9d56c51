// Owns the card of one Region: how it is, what it does, and the two buttons that break it or heal it.
import type { Live, Opening } from '../live.ts';
import { byId, make, mark, say } from './dom.ts';
import { duration, perSecond } from './numbers.ts';
import { onPress, order } from './orders.ts';
import { regionStatus } from './words.ts';

export type Side = 'first' | 'second';

export const sideOf = ({ regions }: Opening, region: string): Side => (regions[0] === region ? 'first' : 'second');

const FIGURES = [
  'Requests',
  'Median answer',
  'Slowest 1 %',
  'Refused',
  'No answer',
  'Health checkers',
  'View lag',
] as const;
type Figure = (typeof FIGURES)[number];

/** Makes the card; gives back what shows a second in it. */
export const regionCard = (opening: Opening, region: string): ((live: Live) => void) => {
  const status = make('span', { class: 'status' });
  const dns = make('p', { class: 'dns' });
  const figures = new Map(FIGURES.map((name) => [name, make('dd')] as const));
  const process = make('button', { type: 'button' }, `Kill ${region}`);
  const network = make('button', { type: 'button' }, `Cut off ${region}`);
  const card = make(
    'article',
    { class: 'card region', 'data-side': sideOf(opening, region), 'data-region': region, 'aria-label': region },
    make('div', { class: 'region-head' }, make('h3', {}, region), status),
    dns,
    make('dl', { class: 'figures' }, ...[...figures].flatMap(([name, figure]) => [make('dt', {}, name), figure])),
    make('div', { class: 'buttons' }, process, network),
  );
  byId('regions').append(card);
  onPress(process, () => order(`/api/regions/${region}/${process.dataset['does'] ?? 'kill'}`));
  onPress(network, () => order(`/api/regions/${region}/${network.dataset['does'] ?? 'isolate'}`));

  return ({ state, traffic }) => {
    const now = state?.regions[region];
    if (state === undefined || now === undefined) return;
    const said = regionStatus(now);
    say(status, said.words);
    mark(status, 'data-mood', said.mood);
    const isAnswer = state.dns.answer === region;
    say(dns, isAnswer ? `DNS leads payers here, TTL ${state.dns.ttlSeconds} s` : 'DNS leads payers elsewhere');
    const own = traffic.regions[region];
    const values: Readonly<Record<Figure, string>> = {
      Requests: perSecond(own?.perSecond ?? 0),
      'Median answer': own?.p50Ms == null ? 'none' : duration(own.p50Ms),
      'Slowest 1 %': own?.p99Ms == null ? 'none' : duration(own.p99Ms),
      Refused: perSecond(own?.refusedPerSecond ?? 0),
      'No answer': perSecond(own?.failedPerSecond ?? 0),
      'Health checkers': `${now.checkers.healthy} of ${now.checkers.total} healthy`,
      'View lag': duration(now.viewLagMs),
    };
    for (const [name, figure] of figures) say(figure, values[name]);
    offer(process, now.process === 'up' ? ['kill', `Kill ${region}`] : ['start', `Start ${region}`]);
    offer(network, now.network === 'connected' ? ['isolate', `Cut off ${region}`] : ['rejoin', `Rejoin ${region}`]);
  };
};

const offer = (button: HTMLElement, [does, words]: readonly [string, string]): void => {
  mark(button, 'data-does', does);
  mark(button, 'class', does === 'kill' || does === 'isolate' ? 'harm' : 'heal');
  say(button, words);
};

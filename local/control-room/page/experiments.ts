// Owns the panel of what else can be broken: flood, poison, a flipped bit, each with what came of it, and the way back from all.
import type { Live, Opening } from '../live.ts';
import { byId, make, mark, say } from './dom.ts';
import { onPress, order } from './orders.ts';
import { corruptionWords, floodWords, poisonWords, takesPart } from './words.ts';

const POISONED_QUEUE = 'settlements';

const experiment = (name: string, ...buttons: readonly HTMLElement[]): HTMLElement => {
  const words = make('p', { role: 'status' });
  const row = make('div', { class: 'buttons' }, ...buttons);
  byId('experiments').append(make('div', { class: 'experiment' }, make('h3', {}, name), words, row));
  return words;
};

const button = (words: string, carryOut: () => Promise<void>, kind = ''): HTMLElement => {
  const made = make('button', { type: 'button', class: kind }, words);
  onPress(made, carryOut);
  return made;
};

export const experiments = ({ regions }: Opening): ((live: Live) => void) => {
  let last: Live | undefined;
  /** Where payers are led, or else a Region that can be asked. */
  const target = (): string => {
    const states = last?.state?.regions ?? {};
    const able = regions.filter((name) => states[name] !== undefined && takesPart(states[name]));
    return able.find((name) => name === last?.state?.dns.answer) ?? able[0] ?? regions[0] ?? '';
  };
  const poison = (region: string, count: number) => order(`/api/queues/${region}/${POISONED_QUEUE}/poison`, { count });
  const takeBackPoison = async (): Promise<void> => {
    for (const { region } of last?.poison ?? []) await poison(region, 0);
  };

  const floodButton = make('button', { type: 'button' }, 'Flood');
  onPress(floodButton, () => order(`/api/flood/${floodButton.dataset['does'] ?? 'start'}`));
  const flood = experiment('Flood', floodButton);
  const antidote = button('Take poison back', takeBackPoison, 'heal');
  const poisoned = experiment(
    'Poison',
    button('Poison a queue', () => poison(target(), 1), 'harm'),
    antidote,
  );
  const flip = (where: 'ledger' | 'view') => () => order('/api/flip-bit', { region: target(), where });
  const corruption = experiment(
    'Corrupt',
    button('Flip a bit in the ledger', flip('ledger'), 'harm'),
    button('Flip a bit in a view', flip('view'), 'harm'),
  );
  onPress(byId('heal'), async () => {
    await order('/api/flood/stop');
    for (const region of regions) await order(`/api/regions/${region}/rejoin`);
    await Promise.all(regions.map((region) => order(`/api/regions/${region}/start`)));
    await takeBackPoison();
  });

  return (live) => {
    last = live;
    const isFlooding = live.flood.running;
    mark(floodButton, 'data-does', isFlooding ? 'stop' : 'start');
    mark(floodButton, 'class', isFlooding ? 'heal' : 'harm');
    say(floodButton, isFlooding ? 'Stop the flood' : 'Flood with payments');
    say(flood, floodWords(live.flood));
    say(poisoned, poisonWords(live.poison));
    antidote.hidden = live.poison.length === 0;
    say(corruption, corruptionWords(live.corruption, live.atMs));
  };
};

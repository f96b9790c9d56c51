// Owns the ledger on the map: two replicas and the witness, who of them can talk, and whether that is a quorum.
import type { Live, Opening } from '../live.ts';
import { byId, make, mark, say } from './dom.ts';
import { whole } from './numbers.ts';
import { quorum, takesPart } from './words.ts';

export const ledgerMembers = ({ regions, witness }: Opening): ((live: Live) => void) => {
  const [first = '', second = ''] = regions;
  const member = (name: string) => {
    const words = make('span');
    return { element: make('div', { class: 'member' }, make('b', {}, name), words), words };
  };
  const [left, middle, right] = [member(first), member(witness), member(second)];
  const [toFirst, toSecond] = [make('span', { class: 'link' }), make('span', { class: 'link' })];
  byId('members').append(left.element, toFirst, middle.element, toSecond, right.element);

  return ({ state }) => {
    if (state === undefined) return;
    const takes = (name: string): boolean => {
      const region = state.regions[name];
      return region !== undefined && takesPart(region);
    };
    say(left.words, takes(first) ? 'replica, in step' : 'replica, left behind');
    say(right.words, takes(second) ? 'replica, in step' : 'replica, left behind');
    say(middle.words, 'witness, votes only');
    mark(toFirst, 'data-state', takes(first) ? 'open' : 'cut');
    mark(toSecond, 'data-state', takes(second) ? 'open' : 'cut');
    const areJoined = takes(first) && takes(second);
    mark(byId('replica-link'), 'data-state', areJoined ? 'open' : 'cut');
    say(byId('replica-link'), areJoined ? 'replicas talk directly' : 'replicas do not reach each other');
    const said = quorum(state.regions);
    say(byId('quorum'), `holds ${whole(state.facts.total)} facts: ${said.words}`);
    mark(byId('quorum'), 'class', `mood-${said.mood}`);
  };
};

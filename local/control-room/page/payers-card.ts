// Owns the card of the payers: how much they ask, and the button that starts and stops the steady ones.
import type { Live, Opening } from '../live.ts';
import { byId, mark, say } from './dom.ts';
import { counted, duration } from './numbers.ts';
import { onPress, order } from './orders.ts';

export const payersCard = ({ hostname }: Opening): ((live: Live) => void) => {
  say(byId('hostname'), hostname);
  const button = byId('payers-button');
  onPress(button, () => order(`/api/payers/${button.dataset['does'] ?? 'start'}`));

  return ({ payers, traffic }) => {
    say(byId('payers-rate'), `${traffic.perSecond.toFixed(1)} requests/s`);
    say(byId('payers-words'), wordsOf(payers));
    mark(button, 'data-does', payers.running ? 'stop' : 'start');
    mark(button, 'class', payers.running ? '' : 'main');
    say(button, payers.running ? 'Stop payers' : `Start payers: ${payers.perSecond} payments/s`);
  };
};

const wordsOf = ({ running, underWay, leftMs }: Live['payers']): string => {
  const waiting = underWay === 0 ? '' : `, ${counted(underWay, 'payment')} under way`;
  return running ? `for another ${duration(leftMs)}${waiting}` : `nobody pays by order of this page${waiting}`;
};

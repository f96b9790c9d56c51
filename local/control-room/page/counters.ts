// Owns the five counters that the whole page is about, and the line that says how far they have been checked.
import type { AuditReport, Live } from '../live.ts';
import { byId, make, mark, say } from './dom.ts';
import { whole } from './numbers.ts';
import { auditWords } from './words.ts';

interface Counter {
  readonly name: string;
  readonly unit: readonly [one: string, many: string];
  readonly value: (audit: AuditReport) => number;
  /** Must be zero. */
  readonly isBroken?: true;
}

const PAYMENTS = ['payment', 'payments'] as const;
const COUNTERS: readonly Counter[] = [
  { name: 'Accepted', unit: PAYMENTS, value: ({ acknowledged }) => acknowledged },
  { name: 'Settled', unit: PAYMENTS, value: ({ settled }) => settled },
  { name: 'Lost', unit: PAYMENTS, value: ({ lost }) => lost, isBroken: true },
  { name: 'Doubled', unit: PAYMENTS, value: ({ doubled }) => doubled, isBroken: true },
  { name: 'Damaged now', unit: ['fact', 'facts'], value: ({ damaged }) => damaged, isBroken: true },
];

export const counters = (): ((live: Live) => void) => {
  const shown = COUNTERS.map((counter) => {
    const number = make('span', {}, '0');
    const unit = make('small');
    const tile = make(
      'div',
      { class: 'counter', 'data-counter': counter.name },
      make('dt', {}, counter.name),
      make('dd', {}, number, ' ', unit),
    );
    return { ...counter, number, words: unit, tile };
  });
  byId('counters').append(...shown.map(({ tile }) => tile));

  return ({ audit }) => {
    for (const { value, unit, isBroken, number, words, tile } of shown) {
      const n = value(audit);
      say(number, whole(n));
      say(words, unit[n === 1 ? 0 : 1]);
      // Zero of nothing proves nothing, and is not green.
      if (isBroken) mark(tile, 'data-mood', n > 0 ? 'bad' : audit.checked > 0 ? 'good' : 'none');
    }
    say(byId('audit'), auditWords(audit));
  };
};

// Owns the charges that follow from time or from other charges: fixed ones, what is missing to a minimum, taxes.
// Leaves to energy and demand what was used.
import { type Charge, type Stretch, totalOf } from './charge.ts';
import { type Exact, exact, isLess, isZero, larger, minus, NOTHING, over, shown, times } from './exact.ts';
import type { PeriodCharge, Tariff } from './tariff.ts';

const MONTHS_A_YEAR = exact(12n);
const PERCENT = exact(100n);

/** What a charge comes to over the days of a stretch; a year's is a twelfth a month. */
const amountOver = ({ amount, per }: PeriodCharge, { days, shareOfMonth }: Stretch): Exact => {
  switch (per) {
    case 'day':
      return times(amount, exact(days));
    case 'month':
      return times(amount, shareOfMonth);
    case 'year':
      return times(over(amount, MONTHS_A_YEAR), shareOfMonth);
  }
};

export const fixedCharges = ({ fixed }: Tariff, stretch: Stretch): Charge[] =>
  fixed
    .filter(({ amount }) => !isZero(amount))
    .map((charge) => ({
      kind: 'fixed',
      description: `Fixed charge, ${stretch.days} ${stretch.days === 1 ? 'day' : 'days'}`,
      amount: amountOver(charge, stretch),
    }));

/** What brings the charges of a stretch, without taxes, up to the tariff's largest minimum. */
export const minimumCharges = ({ minimums }: Tariff, stretch: Stretch, charges: readonly Charge[]): Charge[] => {
  const minimum = minimums.map((charge) => amountOver(charge, stretch)).reduce(larger, NOTHING);
  const total = totalOf(charges);
  if (minimums.length === 0 || !isLess(total, minimum)) return [];
  return [{ kind: 'minimum', description: 'Up to the minimum charge', amount: minus(minimum, total) }];
};

/** Each on everything before taxes: none is taxed by another. */
export const taxCharges = ({ taxes }: Tariff, charges: readonly Charge[]): Charge[] =>
  taxes.map(({ name, rate }) => ({
    kind: 'tax',
    description: `${name}, ${shown(times(rate, PERCENT), 4)} %`,
    amount: times(totalOf(charges), rate),
  }));

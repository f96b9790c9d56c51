// Owns the values of one metric in one minute, in bounded memory: count, sum, extremes, and percentiles to within 1 %.
// Leaves to metric-store.ts which metrics and minutes there are.

/** Each class of values is 1 % wider than the one below it. */
const GROWTH = Math.log(1.01);

export class Distribution {
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  /** How many values fell into each class; what is not above 0 is one class below all others. */
  readonly #classes = new Map<number, number>();

  add(value: number): void {
    this.#count += 1;
    this.#sum += value;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    this.#addTo(value > 0 ? Math.round(Math.log(value) / GROWTH) : Number.NEGATIVE_INFINITY, 1);
  }

  merge(other: Distribution): void {
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    for (const [index, count] of other.#classes) this.#addTo(index, count);
  }

  /** Undefined when nothing was added. @throws Error for a statistic that is not known */
  statistic(name: string): number | undefined {
    const percent = percentOf(name);
    if (this.#count === 0) return undefined;
    if (percent !== undefined) return this.#percentile(percent);
    switch (name) {
      case 'SampleCount':
        return this.#count;
      case 'Sum':
        return this.#sum;
      case 'Average':
        return this.#sum / this.#count;
      case 'Minimum':
        return this.#min;
      default:
        return this.#max;
    }
  }

  #addTo(index: number, count: number): void {
    this.#classes.set(index, (this.#classes.get(index) ?? 0) + count);
  }

  #percentile(percent: number): number {
    const rank = Math.max(1, Math.ceil((percent / 100) * this.#count));
    let seen = 0;
    for (const [index, count] of [...this.#classes].sort(([one], [other]) => one - other)) {
      seen += count;
      if (seen >= rank) return Math.min(this.#max, Math.max(this.#min, Math.exp(index * GROWTH)));
    }
    return this.#max;
  }
}

const SIMPLE = ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'];

/** @throws Error for a statistic that is not known */
export const percentOf = (statistic: string): number | undefined => {
  if (SIMPLE.includes(statistic)) return undefined;
  const percent = Number(/^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(statistic)?.[1] ?? Number.NaN);
  if (Number.isNaN(percent))
    throw new Error(
      `the statistic ${statistic} is not known here: there are ${SIMPLE.join(', ')} and percentiles, as p99`,
    );
  return percent;
};

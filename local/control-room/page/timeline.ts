// Owns the samples that the charts show: five minutes of columns, with a gap where nobody looked.
// Leaves to charts.ts how they are drawn.
import type { Sample } from '../live.ts';

const KEPT_SECONDS = 300;
/** A second or two can be late; more is a gap and must not be drawn as a line. */
const GAP_MS = 3_500;

export type Column = (number | null)[];

export class Timeline {
  readonly #samples: (Sample | { readonly gapAtMs: number })[] = [];

  constructor(private readonly regions: readonly string[]) {}

  add(sample: Sample): void {
    const last = this.#samples.at(-1);
    const lastMs = last === undefined ? sample.atMs : atMsOf(last);
    if (sample.atMs - lastMs > GAP_MS) this.#samples.push({ gapAtMs: lastMs + 1 });
    this.#samples.push(sample);
    while (atMsOf(this.#samples[0] ?? sample) < sample.atMs - KEPT_SECONDS * 1000) this.#samples.shift();
  }

  /** Seconds; then the answers of each Region, the refused, the failed. */
  requests(): [Column, ...Column[]] {
    return [
      this.#seconds(),
      ...this.regions.map((name) => this.#column(({ answered }) => answered[name])),
      this.#column(({ refused }) => refused),
      this.#column(({ failed }) => failed),
    ];
  }

  /** Seconds; then the lag of each Region's view, in seconds. */
  lags(): [Column, ...Column[]] {
    return [
      this.#seconds(),
      ...this.regions.map((name) =>
        this.#column(({ viewLagMs }) => (viewLagMs[name] === undefined ? undefined : viewLagMs[name] / 1000)),
      ),
    ];
  }

  #seconds(): Column {
    return this.#samples.map((sample) => atMsOf(sample) / 1000);
  }

  #column(of: (sample: Sample) => number | undefined): Column {
    return this.#samples.map((sample) => ('gapAtMs' in sample ? null : (of(sample) ?? null)));
  }
}

const atMsOf = (sample: Sample | { readonly gapAtMs: number }): number =>
  'gapAtMs' in sample ? sample.gapAtMs : sample.atMs;

// Owns what a measurement is and what it says when it is done.
// Leaves to report.ts how that is printed, to each file of measurements/ what is measured.
import type { Spread } from './statistics.ts';

export interface Column {
  readonly key: string;
  readonly heading: string;
  /** Decimals shown. */
  readonly digits?: number;
}

export type Figure = number | Spread;

export interface Row {
  readonly name: string;
  /** By the key of a column; one that is left out is shown as `-`. */
  readonly figures: Readonly<Record<string, Figure>>;
}

/** Whether what was promised holds in this run. Never a reason to fail: the machine may have been busy. */
export interface Target {
  readonly what: string;
  readonly measured: number;
  readonly bound: { readonly atLeast: number } | { readonly atMost: number };
}

export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Findings {
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  /** What a reader must know to read the tables right. */
  readonly notes: readonly string[];
}

export interface Surroundings {
  /** Says how far it is. */
  progress(line: string): void;
}

export type Measurement = (around: Surroundings) => Promise<Findings>;

export const isMet = ({ measured, bound }: Target): boolean =>
  'atLeast' in bound ? measured >= bound.atLeast : measured <= bound.atMost;

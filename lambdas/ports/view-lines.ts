// Owns the lines of a view, the copies of facts, looked at and mended one by one, apart from the sums made of them.
// Leaves to view-store.ts everything that is asked of a view as a whole.
import type { Fact } from '../domain/facts.ts';
import type { FactPlace } from './day-index.ts';

/** `damaged`: something stands in its place that fails the checks of a fact. */
export type ViewLine =
  | { readonly kind: 'held'; readonly fact: Fact }
  | { readonly kind: 'damaged'; readonly reason: string };

/** Every call throws ViewUnavailable when the store does not answer. */
export interface ViewLines {
  /** Strong within the Region, by `lineName`; a place without a line is absent. */
  lines(places: readonly FactPlace[]): Promise<ReadonlyMap<string, ViewLine>>;
  /**
   * Puts the fact's line, whatever stands there, and adds nothing to any sum: for a fact that the sums count already. A line is a
   * pure function of its fact, so putting it again changes nothing.
   */
  putLine(fact: Fact): Promise<void>;
}

export const lineName = ({ accountId, key }: FactPlace): string => `${accountId}|${key}`;

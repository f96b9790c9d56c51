// Owns the checkpoint of a Region's view being rebuilt from the ledger: whether, why, and how far each part has come.
// Leaves to lambdas/rehydrate-view the rebuilding. Like all region-state it works when the ledger does not.

/** `stream-gap`: facts may have left the stream unread. `new-view`: nothing says that the view ever was whole. */
export type RehydrationReason = 'stream-gap' | 'new-view' | 'asked';

/** How far a segment of the scan has come. A cursor is where the next page begins. */
export type SegmentProgress =
  | { readonly kind: 'start' }
  | { readonly kind: 'at'; readonly cursor: string }
  | { readonly kind: 'done' };

export interface Rehydration {
  readonly state: 'rehydrating' | 'current';
  readonly reason: RehydrationReason;
  /** Names the run too: a later one has a later start. Every fact written before it is in the view once the run is done. */
  readonly startedAtMs: number;
  /** Facts read from the ledger and applied, those that the view had already included. */
  readonly factsApplied: number;
  /** Items that failed their checks and were left out. */
  readonly factsCorrupt: number;
  readonly segments: readonly SegmentProgress[];
}

/** Parts of the ledger that are scanned side by side. A run under way keeps its cursors, so the number never changes. */
export const REHYDRATION_SEGMENTS = 4;

/** Which run may be there already and is replaced: none; one that is done; or one too old to have read what was missed. */
export type Replaceable = 'none' | 'done' | { readonly startedBeforeMs: number };

export interface Rehydrations {
  /** Undefined in a Region whose view was never looked after. */
  read(): Promise<Rehydration | undefined>;
  /** False when a run that must not be replaced is there: then that one stands for this one. */
  begin(reason: RehydrationReason, startedAtMs: number, replaceable: Replaceable): Promise<boolean>;
  /** Says of a view never looked after that it is whole as of `atMs`. */
  declareCurrent(atMs: number, factsApplied: number): Promise<void>;
  /** False when the segment is not at `from` any more, or the run was replaced: another worker did it. */
  advance(
    run: Pick<Rehydration, 'startedAtMs'>,
    segment: number,
    step: {
      readonly from: SegmentProgress;
      readonly to: SegmentProgress;
      readonly applied: number;
      readonly corrupt: number;
    },
  ): Promise<boolean>;
  /** Ends the run if every segment of it is done. */
  finish(run: Pick<Rehydration, 'startedAtMs'>): Promise<void>;
}

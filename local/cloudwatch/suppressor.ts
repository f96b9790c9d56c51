// Owns when a composite alarm may speak: held back by its suppressor, while it waits for it, and a while after it.
// Source: CloudWatch user guide, "Suppressing composite alarm actions", whose six examples are tests here.

export type Suppression =
  | { readonly kind: 'open' }
  /** The alarm has changed, and its suppressor is given the time to follow. */
  | { readonly kind: 'waiting'; readonly untilMs: number }
  | { readonly kind: 'suppressed' }
  /** The suppressor has recovered, and the alarm is given the time to follow. */
  | { readonly kind: 'extended'; readonly untilMs: number };

export interface Hold {
  readonly suppression: Suppression;
  /** A change that nobody was told of. */
  readonly isOwed: boolean;
}

export interface Moment {
  readonly nowMs: number;
  /** The composite alarm has changed its state just now. */
  readonly changed: boolean;
  readonly suppressorRings: boolean;
  readonly waitMs: number;
  readonly extensionMs: number;
}

export const NOT_HELD: Hold = { suppression: { kind: 'open' }, isOwed: false };

/** `acts`: the actions of the state that the alarm is in now are taken. */
export const hold = (before: Hold, moment: Moment): { readonly hold: Hold; readonly acts: boolean } => {
  const suppression = next(before.suppression, moment);
  const isOwed = before.isOwed || moment.changed;
  const acts = suppression.kind === 'open' && isOwed;
  return { hold: { suppression, isOwed: isOwed && !acts }, acts };
};

const next = (before: Suppression, moment: Moment): Suppression => {
  const { nowMs, changed, suppressorRings, waitMs, extensionMs } = moment;
  if (suppressorRings) return { kind: 'suppressed' };
  const began: Suppression = before.kind === 'suppressed' ? { kind: 'extended', untilMs: nowMs + extensionMs } : before;
  // A change discards whatever period runs and starts a wait of its own.
  const running: Suppression = changed ? { kind: 'waiting', untilMs: nowMs + waitMs } : began;
  const isOver = (running.kind === 'waiting' || running.kind === 'extended') && running.untilMs <= nowMs;
  return isOver ? { kind: 'open' } : running;
};

// Owns the one way time enters: everything that needs it is given a Clock.

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
}

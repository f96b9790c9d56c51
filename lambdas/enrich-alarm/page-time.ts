// Owns how times and spans are written in a page: UTC, short, the same for every reader.

/** `10:04:30 UTC`. */
export const clockOf = (atMs: number): string => `${new Date(atMs).toISOString().slice(11, 19)} UTC`;

/** `2026-11-21 10:04:30 UTC`. */
export const dayAndClockOf = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 10)} ${clockOf(atMs)}`;

/** `40 s`, `4 min`, `3 h`: whole, rounded down. */
export const spanOf = (ms: number): string => {
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  if (ms < 120 * 60_000) return `${Math.floor(ms / 60_000)} min`;
  return `${Math.floor(ms / 3_600_000)} h`;
};

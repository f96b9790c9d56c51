// Owns how numbers are written on the page: each with its unit.

const grouped = new Intl.NumberFormat('en-US');

/** `1,204 payments`, `1 payment`. */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${grouped.format(n)} ${n === 1 ? one : many}`;

export const whole = (n: number): string => grouped.format(n);

/** `4.0/s`. */
export const perSecond = (n: number): string => `${n.toFixed(1)}/s`;

/** `12 ms`, `4.2 s`, `3 min 05 s`, `2 h 10 min`. */
export const duration = (ms: number): string => {
  if (Math.round(ms) < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
};

/** `14:03:07`, UTC. */
export const timeOfDay = (atMs: number): string => new Date(atMs).toISOString().slice(11, 19);

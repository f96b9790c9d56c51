// Owns the real round trips between AWS Regions, from the committed measurements in fixtures/latency.
// Leaves to the emulators which of them a request has to wait for.
import { readFileSync } from 'node:fs';

/** Milliseconds there and back, by Region asked from and Region asked. */
export type RoundTripsMs = Readonly<Record<string, Readonly<Record<string, number>>>>;

const MATRIX_FILE = new URL('../fixtures/latency/aws_region_latency_matrix_ms_2024-11.json', import.meta.url);

let committed: RoundTripsMs | undefined;

/** The committed matrix: 21 Regions, measured November 2024 (fixtures/latency/README.md). */
export const committedRoundTripsMs = (): RoundTripsMs => {
  committed ??= JSON.parse(readFileSync(MATRIX_FILE, 'utf8')) as RoundTripsMs;
  return committed;
};

/** One round trip in milliseconds. @throws Error for a pair that was not measured: guessing would make a drill lie. */
export const roundTripMs = (from: string, to: string, matrix: RoundTripsMs = committedRoundTripsMs()): number => {
  const measured = matrix[from]?.[to];
  if (measured === undefined) {
    throw new Error(`no round trip known from ${from} to ${to}: add it to fixtures/latency, or choose Regions it has`);
  }
  return measured;
};

/** The rows and columns of `regions` only, to hand to a process that needs no more. */
export const roundTripsBetween = (
  regions: readonly string[],
  matrix: RoundTripsMs = committedRoundTripsMs(),
): RoundTripsMs =>
  Object.fromEntries(
    regions.map((from) => [from, Object.fromEntries(regions.map((to) => [to, roundTripMs(from, to, matrix)]))]),
  );

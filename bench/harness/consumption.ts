// Owns the table of contenders beside each other: time, CPU, and what each operation asks of DynamoDB.
// Leaves to the measurements which contenders, and which of them the others are held against.
import type { Consumed, Meter } from '../engine/meter.ts';
import type { Prepare, Timed } from './interleave.ts';
import type { Table } from './measurement.ts';
import { ratioOf } from './statistics.ts';

/** What one of `count` operations asks for, on average: with whom each of them deals was met once before, `repeatAfter` numbers ago. */
export const consumedBy = async (
  meter: Meter,
  prepare: Prepare,
  { count, repeatAfter }: { readonly count: number; readonly repeatAfter: number },
): Promise<Consumed> => {
  for (let n = 0; n < count; n++) await prepare(n)();
  meter.take();
  for (let n = 0; n < count; n++) await prepare(repeatAfter + n)();
  const { requests, readUnits, writeUnits } = meter.take();
  return { requests: requests / count, readUnits: readUnits / count, writeUnits: writeUnits / count };
};

/** The first of `timed` is what the others are ratios of; `consumed` in the same order. */
export const comparison = (
  title: string,
  rateHeading: string,
  timed: readonly Timed[],
  consumed: readonly Consumed[],
): Table => ({
  title,
  columns: [
    { key: 'perSecond', heading: rateHeading, digits: 0 },
    { key: 'ratio', heading: 'of the first' },
    { key: 'p50Ms', heading: 'p50 ms' },
    { key: 'p99Ms', heading: 'p99 ms' },
    { key: 'cpuMs', heading: 'CPU ms' },
    { key: 'requests', heading: 'requests' },
    { key: 'writeUnits', heading: 'write units' },
    { key: 'readUnits', heading: 'read units' },
  ],
  rows: timed.map(({ name, perSecond, p50Ms, p99Ms, cpuMs, rates }, at) => ({
    name,
    figures: { perSecond, ratio: ratioOf(rates, timed[0]?.rates ?? []), p50Ms, p99Ms, cpuMs, ...consumed[at] },
  })),
});

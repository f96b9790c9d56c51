// Owns which of several deliveries of a day counts: interval by interval the best quality, then the later delivery, then the digest.
// A pure function of the set of deliveries, so both Regions read the same once they hold the same.
import type { IsoDate } from '../ids.ts';
import { sumDecimals } from './decimal.ts';
import { endMs, type MeterInterval, type Quality, qualityRank } from './interval.ts';
import { type MeterDay, meterDay, type RegisterDay, TOTAL } from './meter-day.ts';

interface Candidate extends MeterInterval {
  readonly receivedMs: number;
  readonly digest: string;
}

/** One that counts, with the date it was delivered under. */
interface Chosen extends Candidate {
  readonly date: IsoDate;
}

/**
 * The days of one meter out of everything that was delivered, in the order of dates. Registers are summed; a delivery
 * without registers competes with the sum. What the meter fed in is left out. Two sources may have two clocks and deliver
 * the same hour under two dates: it counts once, under the date of the better delivery.
 */
export const bestDays = (deliveries: readonly RegisterDay[]): readonly MeterDay[] => {
  const byDate = new Map<IsoDate, RegisterDay[]>();
  for (const delivery of deliveries) {
    if (delivery.flow === 'export') continue;
    byDate.set(delivery.date, [...(byDate.get(delivery.date) ?? []), delivery]);
  }
  const ofDates = [...byDate].flatMap(([date, ofDate]) => bestOfDate(ofDate).map((best) => ({ ...best, date })));
  const chosen = new Map<IsoDate, MeterInterval[]>();
  for (const { date, startMs, durationSeconds, wh, quality } of acrossDates(ofDates)) {
    const ofDate = chosen.get(date) ?? [];
    chosen.set(date, ofDate);
    ofDate.push({ startMs, durationSeconds, wh, quality });
  }
  const meterId = String(deliveries[0]?.meterId);
  return [...chosen]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([date, intervals]) => meterDay(meterId, date, intervals));
};

/** Each run of intervals that overlap one another is settled by itself: mostly it has one. */
const acrossDates = (ofDates: readonly Chosen[]): readonly Chosen[] => {
  const runs: Chosen[][] = [];
  let untilMs = Number.NEGATIVE_INFINITY;
  for (const next of [...ofDates].sort((one, other) => one.startMs - other.startMs)) {
    if (next.startMs >= untilMs) runs.push([]);
    runs.at(-1)?.push(next);
    untilMs = Math.max(untilMs, endMs(next));
  }
  return runs.flatMap((run) => (run.length === 1 ? run : withoutOverlaps(run)));
};

const bestOfDate = (deliveries: readonly RegisterDay[]): readonly Candidate[] => {
  const byRegister = new Map<string, Candidate[]>();
  for (const { register, intervals, receivedMs, digest } of deliveries) {
    const candidates = intervals.map((interval) => ({ ...interval, receivedMs, digest }));
    byRegister.set(register, [...(byRegister.get(register) ?? []), ...candidates]);
  }
  const totals = byRegister.get(TOTAL) ?? [];
  byRegister.delete(TOTAL);
  const summed = sumRegisters([...byRegister.values()].map(withoutOverlaps));
  return withoutOverlaps([...totals, ...summed]);
};

const better = (one: Candidate, other: Candidate): number =>
  qualityRank(other.quality) - qualityRank(one.quality) ||
  other.receivedMs - one.receivedMs ||
  (one.digest < other.digest ? -1 : 1);

/** Takes the best first and leaves out what overlaps with it; in the order of time. */
const withoutOverlaps = <Each extends Candidate>(candidates: readonly Each[]): readonly Each[] => {
  const taken: Each[] = [];
  for (const candidate of [...candidates].sort(better)) {
    // A day has few hundred intervals and they mostly come in order: the place is near the end.
    let place = taken.length;
    while (place > 0 && (taken[place - 1]?.startMs ?? 0) > candidate.startMs) place -= 1;
    const before = taken[place - 1];
    const after = taken[place];
    const isFree =
      (before === undefined || endMs(before) <= candidate.startMs) &&
      (after === undefined || endMs(candidate) <= after.startMs);
    if (isFree) taken.splice(place, 0, candidate);
  }
  return taken;
};

/** Intervals of the same time are summed, the sum as good as its worst part; others stand as they are. */
const sumRegisters = (registers: readonly (readonly Candidate[])[]): readonly Candidate[] => {
  const byTime = new Map<string, Candidate[]>();
  for (const candidate of registers.flat()) {
    const time = `${candidate.startMs}+${candidate.durationSeconds}`;
    byTime.set(time, [...(byTime.get(time) ?? []), candidate]);
  }
  return [...byTime.values()].map(sumOf);
};

const sumOf = (parts: readonly Candidate[]): Candidate =>
  parts.reduce((sum, part) => ({
    startMs: sum.startMs,
    durationSeconds: sum.durationSeconds,
    wh: sumDecimals([sum.wh, part.wh]),
    quality: worse(sum.quality, part.quality),
    receivedMs: Math.max(sum.receivedMs, part.receivedMs),
    // Any that does not depend on the order will do.
    digest: [sum.digest, part.digest].sort().join().slice(0, sum.digest.length),
  }));

const worse = (one: Quality, other: Quality): Quality => (qualityRank(one) < qualityRank(other) ? one : other);

// Owns what a drill looked like over time, as a pure function of its recording: buckets of two seconds, and stretches of the same state.
// Leaves to picture.ts how it is drawn. Seconds count from the first payer's arrival.
import { percentile } from '../../local/percentile.ts';
import { PAYER_KINDS, type PayerKind } from '../load/payer.ts';
import type { Sample } from '../observation.ts';
import type { Recording } from '../recording.ts';

export interface Bucket {
  readonly second: number;
  /** Payments acknowledged, a second. */
  readonly acknowledged: number;
  /** Sendings refused or not answered, a second. */
  readonly refused: number;
  /** Waits of payments that were due then, milliseconds; null without any. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** `good` is what is to be; `bad` what is not; `other` neither: DNS leading elsewhere. */
export type Tone = 'good' | 'bad' | 'other';

export interface Stretch {
  readonly fromSecond: number;
  readonly untilSecond: number;
  readonly value: string;
  readonly tone: Tone;
}

export interface Strip {
  readonly title: string;
  readonly stretches: readonly Stretch[];
}

export interface Timeline {
  readonly seconds: number;
  readonly bucketSeconds: number;
  readonly buckets: Readonly<Record<PayerKind, readonly Bucket[]>>;
  readonly strips: readonly Strip[];
  readonly faults: readonly Omit<Stretch, 'tone'>[];
  readonly marks: readonly { readonly second: number; readonly what: string }[];
}

const BUCKET_SECONDS = 2;

export const timelineOf = (recording: Recording): Timeline => {
  const { bands, fromMs, marks, untilMs } = recording;
  const secondOf = (atMs: number): number => Math.round((atMs - fromMs) / 100) / 10;
  const seconds = Math.ceil((untilMs - fromMs) / 1000);
  return {
    seconds,
    bucketSeconds: BUCKET_SECONDS,
    buckets: Object.fromEntries(
      PAYER_KINDS.map((kind) => [kind, bucketsOf(recording, kind, seconds)] as const),
    ) as Readonly<Record<PayerKind, readonly Bucket[]>>,
    strips: stripsOf(recording, secondOf),
    faults: bands.map((band) => ({
      fromSecond: secondOf(band.fromMs),
      untilSecond: secondOf(band.untilMs ?? untilMs),
      value: band.what,
    })),
    marks: marks.map(({ atMs, what }) => ({ second: secondOf(atMs), what })),
  };
};

const bucketsOf = ({ arrivals, fromMs, refusals }: Recording, kind: PayerKind, seconds: number): readonly Bucket[] => {
  const own = arrivals.filter((arrival) => arrival.kind === kind);
  return Array.from({ length: Math.ceil(seconds / BUCKET_SECONDS) }, (_, n) => {
    const [startMs, endMs] = [0, 1].map((edge) => fromMs + (n + edge) * BUCKET_SECONDS * 1000) as [number, number];
    const isIn = (atMs = 0): boolean => atMs >= startMs && atMs < endMs;
    const waits = own
      .filter(({ dueMs }) => isIn(dueMs))
      .flatMap(({ acknowledgedMs, dueMs }) => (acknowledgedMs === undefined ? [] : [acknowledgedMs - dueMs]));
    const refused = refusals.filter((refusal) => refusal.kind === kind && isIn(refusal.atMs)).length;
    return {
      second: n * BUCKET_SECONDS,
      acknowledged: own.filter(({ acknowledgedMs }) => isIn(acknowledgedMs)).length / BUCKET_SECONDS,
      refused: refused / BUCKET_SECONDS,
      p50Ms: waits.length === 0 ? null : Math.round(percentile(waits, 50)),
      p99Ms: waits.length === 0 ? null : Math.round(percentile(waits, 99)),
    };
  });
};

const stripsOf = (
  { home, regionNames, samples, untilMs }: Recording,
  secondOf: (atMs: number) => number,
): readonly Strip[] => {
  const strip = (title: string, seen: (sample: Sample) => Pick<Stretch, 'value' | 'tone'> | undefined): Strip => ({
    title,
    stretches: stretchesOf(samples, untilMs, seen).map(({ fromMs, untilMs: endMs, ...rest }) => ({
      fromSecond: secondOf(fromMs),
      untilSecond: secondOf(endMs),
      ...rest,
    })),
  });
  const alarms = new Set(samples.flatMap(({ ringing }) => ringing.map(nameOf)));
  return [
    strip('DNS answer', ({ answer }) => ({ value: answer ?? 'none', tone: answer === home ? 'good' : 'other' })),
    ...regionNames.map((name) =>
      strip(name, ({ regions }) => {
        const region = regions[name];
        if (region === undefined) return undefined;
        const { health, network, process } = region;
        const away = [...(process === 'down' ? ['down'] : []), ...(network === 'isolated' ? ['cut off'] : [])];
        return {
          value: away.length === 0 ? health : `${away.join(', ')}, checks say ${health}`,
          tone: health === 'healthy' && away.length === 0 ? 'good' : 'bad',
        };
      }),
    ),
    ...[...alarms].map((name) =>
      strip(name, ({ ringing }) =>
        ringing.some((alarm) => nameOf(alarm) === name) ? { value: 'ALARM', tone: 'bad' } : undefined,
      ),
    ),
  ];
};

const nameOf = ({ tier, slug, region }: Sample['ringing'][number]): string => `${tier} ${slug}, ${region}`;

interface StretchMs extends Pick<Stretch, 'value' | 'tone'> {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Samples in a row that show the same are one stretch, up to the next sample. */
const stretchesOf = (
  samples: readonly Sample[],
  untilMs: number,
  seen: (sample: Sample) => Pick<Stretch, 'value' | 'tone'> | undefined,
): readonly StretchMs[] => {
  const stretches: StretchMs[] = [];
  for (const [index, sample] of samples.entries()) {
    const now = seen(sample);
    if (now === undefined) continue;
    const endMs = samples[index + 1]?.atMs ?? untilMs;
    const last = stretches.at(-1);
    const goesOn = last !== undefined && last.value === now.value && last.untilMs === sample.atMs;
    if (goesOn) stretches[stretches.length - 1] = { ...last, untilMs: endMs };
    else stretches.push({ ...now, fromMs: sample.atMs, untilMs: endMs });
  }
  return stretches;
};

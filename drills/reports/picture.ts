// Owns the picture of a drill's timeline, as SVG: three charts, strips of states, faults as bands over all of them.
// Leaves to style.ts the colours, and to timeline.ts what is drawn.
import { PAYER_KINDS, type PayerKind } from '../load/payer.ts';
import { escaped } from './escaped.ts';
import type { Bucket, Timeline } from './timeline.ts';

const WIDTH = 1000;
const LEFT = 212;
const RIGHT = 12;
const TOP = 42;
const CHART_HEIGHT = 92;
const CHART_GAP = 30;
const STRIP_HEIGHT = 15;
const STRIP_GAP = 6;
const AXIS_HEIGHT = 24;

interface Chart {
  readonly title: string;
  /** 0 to 1 within the chart. */
  readonly scale: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly lines: readonly { readonly className: string; readonly of: (bucket: Bucket) => number | null }[];
}

/** The x of a second. */
type Across = (second: number) => number;

export const picture = (timeline: Timeline): string => {
  const across: Across = (second) => LEFT + (second / timeline.seconds) * (WIDTH - LEFT - RIGHT);
  const charts = chartsOf(timeline);
  const stripsTop = TOP + charts.length * (CHART_HEIGHT + CHART_GAP);
  const axisTop = stripsTop + timeline.strips.length * (STRIP_HEIGHT + STRIP_GAP);
  const height = axisTop + AXIS_HEIGHT;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Timeline">`,
    ...bands(timeline, across, axisTop),
    ...charts.flatMap((chart, n) => chartOf(chart, timeline, across, TOP + n * (CHART_HEIGHT + CHART_GAP))),
    ...timeline.strips.flatMap((strip, n) => stripOf(strip, across, stripsTop + n * (STRIP_HEIGHT + STRIP_GAP))),
    ...axis(timeline, across, axisTop),
    '</svg>',
  ].join('\n');
};

const everyBucket = ({ buckets }: Timeline): readonly Bucket[] => PAYER_KINDS.flatMap((kind) => buckets[kind]);

const linear = (values: readonly number[]): Pick<Chart, 'scale' | 'ticks'> => {
  const most = Math.max(1, ...values);
  const step =
    10 ** Math.floor(Math.log10(most)) *
    ([1, 2, 5].find((one) => most / 10 ** Math.floor(Math.log10(most)) <= 2 * one) ?? 5);
  const ticks = [0, step, 2 * step].filter((value) => value <= most);
  return { scale: (value) => value / most, ticks: ticks.map((at) => ({ at, text: String(at) })) };
};

const LOWEST_MS = 10;
const logarithmic = (values: readonly number[]): Pick<Chart, 'scale' | 'ticks'> => {
  const decades = Math.max(1, Math.log10(Math.max(1_000, ...values) / LOWEST_MS));
  const ticks = [
    { at: 10, text: '10 ms' },
    { at: 100, text: '100 ms' },
    { at: 1_000, text: '1 s' },
    { at: 10_000, text: '10 s' },
  ].filter(({ at }) => Math.log10(at / LOWEST_MS) <= decades);
  return { scale: (ms) => Math.max(0, Math.log10(Math.max(ms, LOWEST_MS) / LOWEST_MS)) / decades, ticks };
};

const chartsOf = (timeline: Timeline): readonly Chart[] => {
  const all = everyBucket(timeline);
  return [
    {
      title: 'acknowledged / s',
      ...linear(all.map(({ acknowledged }) => acknowledged)),
      lines: [{ className: 'line', of: ({ acknowledged }) => acknowledged }],
    },
    {
      title: 'refused or unanswered / s',
      ...linear(all.map(({ refused }) => refused)),
      lines: [{ className: 'line', of: ({ refused }) => refused }],
    },
    {
      title: 'wait, p99 and p50 (dashed)',
      ...logarithmic(all.flatMap(({ p99Ms }) => p99Ms ?? [])),
      lines: [
        { className: 'line', of: ({ p99Ms }) => p99Ms },
        { className: 'line dashed', of: ({ p50Ms }) => p50Ms },
      ],
    },
  ];
};

const chartOf = (chart: Chart, timeline: Timeline, across: Across, top: number): readonly string[] => {
  const bottom = top + CHART_HEIGHT;
  const up = (value: number): number => bottom - chart.scale(value) * CHART_HEIGHT;
  const path = (kind: PayerKind, of: (bucket: Bucket) => number | null): string =>
    timeline.buckets[kind]
      .flatMap((bucket, n, all) => {
        const value = of(bucket);
        if (value === null) return [];
        const isFirst = n === 0 || of(all[n - 1] ?? bucket) === null;
        const x = across(Math.min(bucket.second + timeline.bucketSeconds / 2, timeline.seconds));
        return [`${isFirst ? 'M' : 'L'}${x.toFixed(1)} ${up(value).toFixed(1)}`];
      })
      .join('');
  return [
    text(LEFT, top - 6, chart.title, 'title'),
    ...chart.ticks.flatMap(({ at, text: label }) => [
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${up(at).toFixed(1)}" y2="${up(at).toFixed(1)}"/>`,
      text(LEFT - 6, up(at) + 4, label, 'tick end'),
    ]),
    ...chart.lines.flatMap(({ className, of }) =>
      PAYER_KINDS.map((kind) => `<path class="${className} ${kind}" d="${path(kind, of)}"/>`),
    ),
  ];
};

const stripOf = ({ title, stretches }: Timeline['strips'][number], across: Across, top: number): readonly string[] => [
  text(LEFT - 6, top + 12, title, 'tick end'),
  ...stretches.flatMap(({ fromSecond, untilSecond, value, tone }) => {
    const [x, end] = [across(fromSecond), across(untilSecond)];
    const label = end - x > value.length * 6.5 ? text(x + 4, top + 11.5, value, 'state') : '';
    const rest = `class="stretch ${tone}" x="${x.toFixed(1)}" y="${top}" width="${Math.max(1, end - x).toFixed(1)}" height="${STRIP_HEIGHT}"`;
    return [
      `<rect ${rest}><title>${escaped(`${title}: ${value}, ${fromSecond} s to ${untilSecond} s`)}</title></rect>`,
      label,
    ];
  }),
];

const bands = ({ faults, marks }: Timeline, across: Across, bottom: number): readonly string[] => [
  ...faults.flatMap(({ fromSecond, untilSecond, value }) => {
    const [x, end] = [across(fromSecond), across(untilSecond)];
    return [
      `<rect class="fault" x="${x.toFixed(1)}" y="18" width="${Math.max(2, end - x).toFixed(1)}" height="${bottom - 18}"><title>${escaped(value)}</title></rect>`,
      text(x + 3, 13, value, 'fault-name'),
    ];
  }),
  ...marks.map(
    ({ second, what }) =>
      `<line class="mark" x1="${across(second).toFixed(1)}" x2="${across(second).toFixed(1)}" y1="18" y2="${bottom}"><title>${escaped(`${second} s: ${what}`)}</title></line>`,
  ),
];

const AXIS_STEPS = [5, 10, 20, 30, 60, 120, 300];

const axis = ({ seconds }: Timeline, across: Across, top: number): readonly string[] => {
  const step = AXIS_STEPS.find((one) => seconds / one <= 12) ?? 600;
  const at = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, n) => n * step);
  return at.map((second) => text(across(second), top + 14, `${second} s`, 'tick middle'));
};

const text = (x: number, y: number, what: string, className: string): string =>
  `<text class="${className}" x="${x.toFixed(1)}" y="${y.toFixed(1)}">${escaped(what)}</text>`;

// Owns the two charts: requests by how they ended, and the lag of the views, on one axis of time.
// Leaves to timeline.ts the numbers and to happening-marks.ts what is marked. Drawn anew when the colour scheme changes.
import uPlot from 'uplot';
import type { Live, Opening } from '../live.ts';
import { byId, mark } from './dom.ts';
import { type Mark, marksOf } from './happening-marks.ts';
import { perSecond } from './numbers.ts';
import { type Column, Timeline } from './timeline.ts';

const MOST_SECONDS = 300;
/** A page just opened is not an empty chart. */
const FEWEST_SECONDS = 60;
const REQUESTS_HEIGHT_PX = 230;
const LAG_HEIGHT_PX = 140;
const MARK_LINES = 3;
const FONT = '12px system-ui, sans-serif';

interface Colours {
  readonly first: string;
  readonly second: string;
  readonly bad: string;
  readonly card: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
}

/** As they are at this moment: a canvas knows no custom properties. */
const colours = (): Colours => {
  const probe = document.createElement('span');
  document.body.append(probe);
  const of = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const found = {
    first: of('first'),
    second: of('second'),
    bad: of('bad'),
    card: of('card'),
    ink: of('ink'),
    quiet: of('quiet'),
    line: of('line'),
  };
  probe.remove();
  return found;
};

/** Gives back what shows a second. */
export const charts = (opening: Opening): ((live: Live) => void) => {
  const timeline = new Timeline(opening.regions);
  for (const sample of opening.samples) timeline.add(sample);
  let marks: readonly Mark[] = [];
  let drawn: readonly [uPlot, uPlot] | undefined;

  const draw = (): void => {
    for (const chart of drawn ?? []) chart.destroy();
    const colour = colours();
    const regional = opening.regions.map((label, index) => ({
      label,
      stroke: index === 0 ? colour.first : colour.second,
      width: 2,
    }));
    const requests = chart('requests-chart', 'requests a second', REQUESTS_HEIGHT_PX, colour, () => marks, [
      ...regional.map((series) => ({ ...series, label: `${series.label} answered` })),
      { label: 'refused', stroke: colour.quiet, width: 2, dash: [2, 4] },
      { label: 'no answer', stroke: colour.bad, width: 2, dash: [7, 4] },
    ]);
    const lag = chart('lag-chart', 'view lag, s', LAG_HEIGHT_PX, colour, () => [], regional);
    drawn = [requests, lag];
    show();
  };
  const show = (): void => {
    drawn?.[0].setData(timeline.requests() as [number[], ...Column[]]);
    drawn?.[1].setData(timeline.lags() as [number[], ...Column[]]);
  };
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  new ResizeObserver(() => {
    for (const one of drawn ?? []) one.setSize({ width: widthOf(one.root), height: one.height });
  }).observe(byId('requests-chart'));

  return (live) => {
    timeline.add(live.sample);
    marks = marksOf(live.happenings);
    show();
    mark(byId('requests-chart'), 'aria-label', inWords(opening, live));
    mark(byId('lag-chart'), 'aria-label', 'View lag of each Region over the last five minutes, in seconds');
  };
};

const inWords = ({ regions }: Opening, { sample }: Live): string => {
  const answered = regions.map((name) => `${name} ${perSecond(sample.answered[name] ?? 0)}`).join(', ');
  const others = `refused ${perSecond(sample.refused)}, no answer ${perSecond(sample.failed)}`;
  return `Requests over the last five minutes; in the last second answered by ${answered}; ${others}`;
};

const widthOf = (element: HTMLElement): number => (element.parentElement ?? element).clientWidth;

const chart = (
  id: string,
  title: string,
  height: number,
  colour: Colours,
  marks: () => readonly Mark[],
  series: readonly uPlot.Series[],
): uPlot => {
  const axis = {
    stroke: colour.quiet,
    font: FONT,
    labelFont: FONT,
    grid: { stroke: colour.line, width: 1 },
    ticks: { stroke: colour.line, width: 1 },
  };
  const place = byId(id);
  return new uPlot(
    {
      width: place.clientWidth,
      height,
      legend: { live: false },
      cursor: { sync: { key: 'time' }, drag: { x: false, y: false } },
      scales: {
        x: { range: (_, oldest, newest) => shownSeconds(oldest ?? 0, newest ?? 0) },
        y: { range: (_, __, most) => [0, Math.max(1, (most ?? 0) * 1.1)] },
      },
      axes: [
        { ...axis, values: (_, seconds) => seconds.map((at) => new Date(at * 1000).toISOString().slice(14, 19)) },
        { ...axis, label: title, labelSize: 18, size: 42 },
      ],
      series: [{ label: 'UTC' }, ...series.map((one) => ({ points: { show: false }, spanGaps: false, ...one }))],
      hooks: { draw: [(self) => drawMarks(self, marks(), colour)] },
    },
    [[], ...series.map(() => [])],
    place,
  );
};

const shownSeconds = (oldest: number, newest: number): [number, number] => [
  Math.max(newest - MOST_SECONDS, Math.min(oldest, newest - FEWEST_SECONDS)),
  newest,
];

const drawMarks = (self: uPlot, marks: readonly Mark[], colour: Colours): void => {
  const { ctx, bbox } = self;
  const ratio = devicePixelRatio;
  const oldest = self.scales['x']?.min ?? 0;
  ctx.save();
  ctx.font = `${12 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  for (const [index, { atSeconds, words }] of marks.entries()) {
    if (atSeconds < oldest) continue;
    const x = self.valToPos(atSeconds, 'x', true);
    const y = bbox.top + (13 + (index % MARK_LINES) * 14) * ratio;
    ctx.strokeStyle = colour.quiet;
    ctx.lineWidth = ratio;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const { width } = ctx.measureText(words);
    // A mark near the right edge is written to its left: it would run out of the picture.
    const isNearEdge = x + width + 8 * ratio > bbox.left + bbox.width;
    const from = isNearEdge ? x - width - 4 * ratio : x + 4 * ratio;
    ctx.fillStyle = colour.card;
    ctx.fillRect(from - 2 * ratio, y - 11 * ratio, width + 4 * ratio, 14 * ratio);
    ctx.fillStyle = colour.ink;
    ctx.fillText(words, from, y);
  }
  ctx.restore();
};

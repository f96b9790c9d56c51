// Owns the page that shows drills: one that opens from disk and asks the network for nothing.
// Leaves to picture.ts the timeline, to style.ts the looks, to report.ts the figures.
import { PAYER_KINDS, PAYER_TITLES } from '../load/payer.ts';
import type { Measured } from '../measure.ts';
import { seconds } from '../promises.ts';
import { escaped } from './escaped.ts';
import { picture } from './picture.ts';
import type { DrillReport } from './report.ts';
import { STYLE } from './style.ts';

const DAY_MS = 86_400_000;

export const page = (reports: readonly DrillReport[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(reports.length === 1 ? `Drill ${reports[0]?.name}` : `${reports.length} drills`)} · Baseload</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Drills</h1>
<p class="soft">What payers felt while things went wrong: two Regions of the synthesized app as processes on one machine. Times are of this machine; round trips between Regions, health checks and DNS are modelled (docs/limits.md).</p>
${reports.length > 1 ? overview(reports) : ''}
${reports.map(one).join('\n')}
</body>
</html>
`;

const verdict = ({ broken, passed }: DrillReport): string => {
  if (broken !== undefined) return '<span class="verdict broken">broken off</span>';
  return passed
    ? '<span class="verdict kept">every promise kept</span>'
    : '<span class="verdict broken">a promise is broken</span>';
};

const table = (head: readonly string[], rows: readonly (readonly string[])[], numbersFrom = 1): string => {
  const cell = (tag: 'th' | 'td') => (content: string, column: number) =>
    `<${tag}${column >= numbersFrom ? ' class="number"' : ''}>${content}</${tag}>`;
  return [
    `<div class="wide"><table><tr>${head.map(cell('th')).join('')}</tr>`,
    ...rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`),
    '</table></div>',
  ].join('\n');
};

const overview = (reports: readonly DrillReport[]): string =>
  `<section><h2>${reports.filter(({ passed }) => passed).length} of ${reports.length} passed</h2>${table(
    ['Drill', 'Verdict', ...PAYER_KINDS.map((kind) => `RTO, ${PAYER_TITLES[kind]}`), 'Lost', 'Doubled', 'Unknown'],
    reports.map((report) => [
      `<a href="#${report.name}">${report.name}</a>`,
      verdict(report),
      ...PAYER_KINDS.map((kind) => orNone(report.measured.payers[kind].rtoMs, seconds)),
      ...([report.measured.lost, report.measured.doubled, report.measured.unknown] as const).map((count) =>
        orNone(count, String),
      ),
    ]),
    2,
  )}</section>`;

const orNone = (value: number | null, shown: (value: number) => string): string =>
  value === null ? '–' : shown(value);

const milliseconds = (ms: number | null): string =>
  ms === null || Number.isNaN(ms) ? '–' : ms >= 10_000 ? seconds(ms) : `${Math.round(ms)} ms`;

const one = (report: DrillReport): string => `<section id="${report.name}">
<header><h2>${report.name}</h2>${verdict(report)}<span class="soft">${report.at.slice(0, 16).replace('T', ' ')} UTC, took ${seconds(report.tookMs)}</span></header>
<p>${escaped(report.hypothesis)}</p>
${report.broken === undefined ? '' : `<p class="broken">Broken off: ${escaped(report.broken)}</p>`}
<div class="legend">${PAYER_KINDS.map((kind) => `<span><i class="${kind}"></i>${PAYER_TITLES[kind]}</span>`).join('')}<span><i class="swatch"></i>fault</span></div>
<div class="wide">${picture(report.timeline)}</div>
<h3>Promises</h3>
${table(
  ['', 'Promised', 'Measured'],
  report.promises.map(({ kept, measured, says }) => [
    kept ? '<span class="kept">kept</span>' : '<span class="broken">broken</span>',
    escaped(says),
    escaped(measured),
  ]),
  2,
)}
<h3>Payers</h3>
${payers(report)}
<h3>Figures</h3>
${figures(report)}
</section>`;

const payers = ({ measured }: DrillReport): string =>
  table(
    ['', 'Payments', 'Availability', 'RTO', 'p50 before', 'p99 before', 'p50 since', 'p99 since'],
    PAYER_KINDS.map((kind) => {
      const { availability, faulted, payments, rtoMs, steady } = measured.payers[kind];
      return [
        PAYER_TITLES[kind],
        String(payments),
        `${(availability * 100).toFixed(1)} %`,
        orNone(rtoMs, seconds),
        ...[steady.p50Ms, steady.p99Ms, faulted.p50Ms, faulted.p99Ms].map(milliseconds),
      ];
    }),
  );

/** By the run's clock, which a drill may move by months. */
const span = (ms: number): string => (ms < DAY_MS ? seconds(ms) : `${(ms / DAY_MS).toFixed(1)} days`);

const failover = ({ dnsMovedMs, payers, predicted }: Measured, routing: DrillReport['routing']): string => {
  if (dnsMovedMs === null) return 'none: DNS went on answering with the nearest Region';
  const { failsAfterMs, failureThreshold, requestIntervalSeconds, ttlSeconds } = routing;
  const inputs = `looks every ${requestIntervalSeconds} s, threshold ${failureThreshold}, TTL ${ttlSeconds} s, /health failing after ${failsAfterMs / 1000} s`;
  return `by the model p50 ${seconds(predicted.p50Ms)}, p99 ${seconds(predicted.p99Ms)} for the slowest payer (${inputs}); measured: the answer moved after ${seconds(dnsMovedMs)}, the slowest payer waited ${orNone(payers.dns.rtoMs, seconds)}`;
};

const figures = ({
  abortCondition,
  blastRadius,
  measured,
  refusals,
  routing,
  steadyState,
  timeline,
  writeLatency,
}: DrillReport): string => {
  const { alarms } = measured;
  const course = [
    ...timeline.faults.map(({ fromSecond, untilSecond, value }) => ({
      at: fromSecond,
      what: `${value}, until ${untilSecond} s`,
    })),
    ...timeline.marks.map(({ second, what }) => ({ at: second, what })),
  ].sort((one, other) => one.at - other.at);
  const rows: readonly (readonly [string, string])[] = [
    ['Course', course.map(({ at, what }) => `${at} s ${what}`).join('; ')],
    [
      'RTO',
      'the longest that anybody waited for an acknowledgement from when the payment was due, own retries included',
    ],
    ['Availability', 'the share of payments that were acknowledged at the first sending'],
    ['Failover over DNS', failover(measured, routing)],
    [
      'Money',
      `${measured.payments} payments: ${orNone(measured.lost, String)} lost, ${orNone(measured.doubled, String)} doubled, ${measured.unknown} unknown; RPO ${orNone(measured.rpoFacts, String)} facts; ${orNone(measured.settled, String)} settled by the end, ${orNone(measured.chargedTwice, String)} charged twice`,
    ],
    [
      'Added write latency',
      `${milliseconds(measured.addedWriteMs)}: a put into the ledger took ${milliseconds(writeLatency.ledgerMs)}, the same into a table of ${writeLatency.region} alone ${milliseconds(writeLatency.singleRegionMs)} (medians of ${writeLatency.writes} in turns, same client, before the payers)`,
    ],
    [
      'Alarms',
      alarms.length === 0
        ? 'none began to ring'
        : alarms
            .map(({ afterMs, region, slug, tier }) => `${tier} ${slug} of ${region} after ${span(afterMs)}`)
            .join('; '),
    ],
    [
      'Refused or unanswered',
      Object.entries(refusals)
        .map(([what, count]) => `${count} × ${what}`)
        .join('; ') || 'nothing',
    ],
    ['Steady state', steadyState],
    ['Blast radius', blastRadius],
    ['Broken off when', abortCondition],
  ];
  return `<dl>${rows.map(([term, what]) => `<dt>${term}</dt><dd>${escaped(what)}</dd>`).join('\n')}</dl>`;
};

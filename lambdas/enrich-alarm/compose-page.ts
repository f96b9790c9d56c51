// Owns the text that a woken engineer reads: what, since when, why perhaps, what to run first. Pure.
// Leaves to the topic of its tier who reads it.
import type { RingingAlarm } from '../ports/alarm-states.ts';
import type { Page } from '../ports/pager.ts';
import { type AlarmIdentity, type AlarmNews, identityOf } from './alarm-news.ts';
import type { Context, Known } from './context.ts';
import { likelyCauses, type Rings, type Surroundings, valueOr } from './likely-cause.ts';
import { clockOf, dayAndClockOf, spanOf } from './page-time.ts';
import { type PageQuery, type QueryScope, queriesFor } from './queries.ts';

export interface PageScope extends QueryScope, Surroundings {
  /** Ends in a slash; absent: paths of the repository are named. */
  readonly runbookBaseUrl?: string;
}

/** SNS: a subject is ASCII and has at most 100 characters. */
const MAX_SUBJECT = 100;
/** A storm is told by its first alarms and a number. */
const MAX_LISTED = 12;

export const composePage = (news: AlarmNews, context: Context, scope: PageScope): Page => {
  const { tier, slug, state, region, meaning } = news;
  const runbook = runbookOf(news, scope);
  const attributes = { tier, region, state, alarm: news.name, ...(runbook === undefined ? {} : { runbook }) };
  const what = state === 'ALARM' ? meaning : state === 'OK' ? 'recovered' : 'not known any more';
  const subject = ascii(`${tier} ${region} ${slug} ${state}: ${what}`).slice(0, MAX_SUBJECT);
  const text = (state === 'ALARM' ? alarmText(news, context, scope, runbook) : overText(news, context)).join('\n');
  return { tier, subject, text: `${text}\n`, attributes };
};

const alarmText = (news: AlarmNews, context: Context, scope: PageScope, runbook: string | undefined): string[] => {
  const { tier, slug, region, meaning, atMs, reason, children } = news;
  const rings = ringingOf(news, context);
  const inside = rings.filter(({ name }) => children.includes(name));
  const others = rings.filter(({ name }) => !children.includes(name));
  const [first] = inside.filter((one) => one.name !== news.name);
  const slugs = [slug, ...inside.map((one) => one.slug)];
  return [
    `${tier} in ${region}: ${meaning}.`,
    '',
    `Alarm ${news.name} rings since ${dayAndClockOf(atMs)}.`,
    `Runbook: ${runbook ?? 'none is named in its description'}`,
    ...listed(
      'It rings for',
      inside.map((one) => insideLine(one, scope)),
    ),
    ...(children.length > 0 || reason === '' ? [] : ['', `Measured: ${reason}`]),
    ...numbered('Likely cause', likelyCauses({ atMs, region, slugs }, context, others, scope)),
    ...listed('Also ringing', others.map(lineOf)),
    ...listed('Not known', unknowns(context)),
    ...numbered('Look first', queriesFor(scope, first?.slug ?? slug, first?.name ?? news.name).map(queryLines)),
  ];
};

/** Short: nobody has to do anything, or not because of this. */
const overText = (news: AlarmNews, context: Context): string[] => {
  const { tier, slug, region, state, atMs, beforeSinceMs, before } = news;
  const lasted = beforeSinceMs === undefined ? '' : ` after ${spanOf(atMs - beforeSinceMs)} of ${before}`;
  const still = ringingOf(news, context).filter(({ name }) => name !== news.name);
  return [
    state === 'OK'
      ? `${tier} in ${region}: ${slug} has recovered at ${dayAndClockOf(atMs)}${lasted}.`
      : `${tier} in ${region}: whether ${slug} holds is not known since ${dayAndClockOf(atMs)}${lasted}.`,
    ...(context.ringing.kind === 'unknown'
      ? ['', `What still rings is not known: ${context.ringing.why}`]
      : still.length === 0
        ? ['', 'Nothing else rings in this Region.']
        : listed('Still ringing', still.map(lineOf))),
  ];
};

/** What rings now, the alarm itself left out, the oldest first; what set it off, where that is all that is known. */
const ringingOf = ({ name, triggers }: AlarmNews, { ringing }: Context): readonly Rings[] => {
  const told: readonly RingingAlarm[] = valueOr(
    ringing,
    triggers.map((one) => ({ ...one, description: '' })),
  );
  return told
    .filter((one) => one.name !== name)
    .flatMap((one) => {
      try {
        return [{ ...identityOf(one.name, one.description), sinceMs: one.sinceMs }];
      } catch {
        return [];
      }
    })
    .sort((one, other) => one.sinceMs - other.sinceMs);
};

const lineOf = ({ slug, tier, sinceMs }: Rings): string => `${slug} (${tier}) since ${clockOf(sinceMs)}`;

/** A group has no runbook that mends anything: its alarms' own are a click away. */
const insideLine = (one: Rings, scope: PageScope): string => {
  const runbook = runbookOf(one, scope);
  return `${lineOf(one)}${one.meaning === '' ? '' : `: ${one.meaning}`}${runbook === undefined ? '' : `\n    ${runbook}`}`;
};

const runbookOf = (
  { runbook }: Pick<AlarmIdentity, 'runbook'>,
  { runbookBaseUrl = '' }: PageScope,
): string | undefined => (runbook === undefined ? undefined : `${runbookBaseUrl}${runbook}`);

const unknowns = ({ ringing, deployments, peerEvacuated, ownEvacuated }: Context): readonly string[] => {
  const sources: readonly (readonly [string, Known<unknown>])[] = [
    ['what else rings', ringing],
    ['what was deployed', deployments],
    ['whether the other Region is evacuated', peerEvacuated],
    ['whether this Region is evacuated', ownEvacuated],
  ];
  return sources.flatMap(([what, source]) => (source.kind === 'unknown' ? [`${what}: ${source.why}`] : []));
};

const queryLines = ({ shows, run, logGroup }: PageQuery): string =>
  `${shows}${logGroup === undefined ? '' : ` (Logs Insights, ${logGroup})`}\n     ${run}`;

const listed = (title: string, lines: readonly string[]): readonly string[] => {
  if (lines.length === 0) return [];
  const more = lines.length - MAX_LISTED;
  const shown = lines.slice(0, MAX_LISTED).map((line) => `  - ${line}`);
  return ['', `${title}:`, ...shown, ...(more > 0 ? [`  - and ${more} more`] : [])];
};

const numbered = (title: string, lines: readonly string[]): readonly string[] => [
  '',
  `${title}:`,
  ...lines.map((line, index) => `  ${index + 1}. ${line}`),
];

const ascii = (text: string): string => text.replaceAll('’', "'").replace(/[^\x20-\x7e]/g, '?');

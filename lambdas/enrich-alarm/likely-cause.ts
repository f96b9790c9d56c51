// Owns the guess at why an alarm rings, from what else changed shortly before: the nearest thing first.
// Leaves to the runbook to find out. Pure.
import { type GameDay, QUEUE_WORKERS, QUEUES } from '../shared/names.ts';
import type { AlarmIdentity, AlarmNews } from './alarm-news.ts';
import type { Context, Known } from './context.ts';
import { gameDayCause, gameDaysAt } from './game-days.ts';
import { spanOf } from './page-time.ts';

/** A version that breaks something does so within the time that its canary is watched, or soon after all calls went to it. */
const DEPLOYED_WITHIN_MS = 60 * 60_000;
/** What began long before is another matter. */
const RANG_WITHIN_MS = 30 * 60_000;
/** As many as somebody who was woken can hold. */
const MAX_CAUSES = 3;

export interface Rings extends AlarmIdentity {
  readonly sinceMs: number;
}

export interface Surroundings {
  readonly peer: string;
  /** Of both Regions: what is broken in one is seen in the other. */
  readonly gameDays: readonly GameDay[];
}

/** Sentences without a full stop, at most three; never none. `others`: what rings beside the alarm and its children. */
export const likelyCauses = (
  news: Pick<AlarmNews, 'atMs' | 'region'> & { readonly slugs: readonly string[] },
  context: Context,
  others: readonly Rings[],
  { peer, gameDays }: Surroundings,
): readonly string[] => {
  const before = (sinceMs: number): number => news.atMs - sinceMs;
  const concerns = (slug: string): boolean => news.slugs.some((alarm) => isAbout(alarm, slug));
  const deployed = valueOr(context.deployments, [])
    .filter(({ startedAtMs }) => before(startedAtMs) >= 0 && before(startedAtMs) <= DEPLOYED_WITHIN_MS)
    .sort(
      (one, other) => Number(concerns(other.slug)) - Number(concerns(one.slug)) || other.startedAtMs - one.startedAtMs,
    );
  const causes = [
    ...gameDaysAt(news.atMs, gameDays).map(gameDayCause),
    ...deployed.map(
      ({ slug, status, startedAtMs }) =>
        `a new version of ${slug}, whose deployment began ${spanOf(before(startedAtMs))} before and is ${status}`,
    ),
    ...(valueOr(context.ownEvacuated, false) ? [`${news.region} is evacuated: somebody took it out of service`] : []),
    ...(valueOr(context.peerEvacuated, false) ? [`${peer} is evacuated: ${news.region} serves alone`] : []),
    ...[...others]
      .filter(({ sinceMs }) => before(sinceMs) > 0 && before(sinceMs) <= RANG_WITHIN_MS)
      .sort((one, other) => one.sinceMs - other.sinceMs)
      .map(({ slug, tier, sinceMs }) => `what ${slug} (${tier}) rings for since ${spanOf(before(sinceMs))} before`),
  ];
  return causes.length === 0 ? ['nothing else has changed that is known here'] : causes.slice(0, MAX_CAUSES);
};

/** An alarm has the name of what it is about in its own: of a capability, or of the queue that it works. */
const isAbout = (alarm: string, slug: string): boolean =>
  alarm.startsWith(`${slug}-`) ||
  QUEUES.some((queue) => QUEUE_WORKERS[queue] === slug && alarm.startsWith(`${queue}-`));

export const valueOr = <T>(known: Known<T>, otherwise: T): T => (known.kind === 'known' ? known.value : otherwise);

// Owns the redrive that nobody asks for: looks at every queue's dead letters, moves those back whose trouble is over, once, and says so.
// Leaves to judge-letters.ts when that is, to SQS the moving, to the workers that work which is done changes nothing (D23).
import type { AlarmState, AlarmStates } from '../ports/alarm-states.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeadLetters } from '../ports/dead-letters.ts';
import type { Deployment, Deployments } from '../ports/deployments.ts';
import type { Page, Pager } from '../ports/pager.ts';
import type { Redrive, Redrives } from '../ports/redrives.ts';
import { type AlarmName, readAlarmName } from '../shared/alarm-name.ts';
import { QUEUE_WORKERS, QUEUES, type QueueSlug } from '../shared/names.ts';
import { REDRIVES, WORK } from '../shared/policies.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';
import { judgeLetters, type Moved } from './judge-letters.ts';
import { cameBackPage, type PageCase, redrivenPage } from './redrive-pages.ts';

export interface RedriveDeps {
  readonly region: string;
  /** What the path of a runbook follows; ends in a slash, or empty. */
  readonly runbookBase: string;
  readonly alarms: Pick<AlarmStates, 'all'>;
  readonly deployments: Deployments;
  readonly deadLettersOf: (queue: QueueSlug) => DeadLetters;
  readonly redrives: Redrives;
  readonly pager: Pager;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** What makes work fail in every queue; the errors of its own worker come to it. */
export const TROUBLES = ['breaker-opened', 'worker-throttles', 'ledger-refusals', 'region-unhealthy'] as const;

type NamedAlarm = AlarmName & AlarmState;

/** Called every few minutes. @throws Error when one of the queues could not be looked after; the others were. */
export const createRedriveHandler = (deps: RedriveDeps) => async (): Promise<void> => {
  const { alarms, telemetry } = deps;
  try {
    const states = (await alarms.all()).flatMap((state): NamedAlarm[] => {
      const named = readAlarmName(state.name);
      return named === undefined ? [] : [{ ...state, ...named }];
    });
    const ringing = QUEUES.filter((queue) => alarmOf(states, `${queue}-dead-letters`)?.state === 'ALARM');
    if (ringing.length === 0) return;
    const deployed = await deps.deployments.latest();
    const ends = await Promise.allSettled(ringing.map((queue) => lookAfter(deps, queue, states, deployed)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  } catch (error) {
    telemetry.error('dead letters were not looked after', errorFields(error));
    throw error;
  } finally {
    telemetry.flush();
  }
};

const alarmOf = (states: readonly NamedAlarm[], slug: string): NamedAlarm | undefined =>
  states.find((state) => state.slug === slug);

const lookAfter = async (
  deps: RedriveDeps,
  queue: QueueSlug,
  states: readonly NamedAlarm[],
  deployed: readonly Deployment[],
): Promise<void> => {
  const { redrives, clock, telemetry, region, runbookBase } = deps;
  const worker = QUEUE_WORKERS[queue];
  const alarm = alarmOf(states, `${queue}-dead-letters`);
  const letters = deps.deadLettersOf(queue);
  const [own, latest] = await Promise.all([redrives.last(queue), letters.latestMove()]);
  const nowMs = clock.nowMs();
  const backWithinMs = WORK[queue].giveUpAfterMs + REDRIVES.moveWithinMs;
  const verdict = judgeLetters({
    nowMs,
    alarm,
    troubles: [`${worker}-errors`, ...TROUBLES].map((slug) => alarmOf(states, slug)),
    deployment: deployed.find(({ slug }) => slug === worker),
    moved: movedOf(own, latest),
    backWithinMs,
  });
  const about: PageCase = {
    queue,
    region,
    tier: alarm?.tier ?? 'P2',
    runbook: `${runbookBase}docs/runbooks/${queue}-dead-letters.md`,
  };
  switch (verdict.kind) {
    case 'none':
    case 'under-way':
      return;
    case 'not-yet':
      return telemetry.info('dead letters are left where they are', { queue, reason: verdict.reason });
    case 'came-back':
      return own && cameBack(deps, about, own, nowMs);
    case 'due': {
      const unseenSinceMs = (alarm?.sinceMs ?? 0) - backWithinMs;
      return redrive(deps, about, letters, { nowMs, unseenSinceMs, recovered: verdict.recovered });
    }
  }
};

/** The later of this function's own and of what anybody asked SQS for. */
const movedOf = (
  own: Redrive | undefined,
  latest: Awaited<ReturnType<DeadLetters['latestMove']>>,
): Moved | undefined => {
  if (latest === undefined) return own && { ...own, isRunning: false };
  const startedAtMs = Math.max(latest.startedAtMs, own?.startedAtMs ?? 0);
  return { startedAtMs, seenAtMs: Math.max(startedAtMs, own?.seenAtMs ?? 0), isRunning: latest.isRunning };
};

interface Due {
  readonly nowMs: number;
  readonly unseenSinceMs: number;
  readonly recovered: string;
}

/** First the claim: a start that fails, or whose answer is lost, is not tried again; the error tells people instead. */
const redrive = async (
  deps: RedriveDeps,
  about: PageCase,
  letters: DeadLetters,
  { nowMs, unseenSinceMs, recovered }: Due,
): Promise<void> => {
  const { redrives, telemetry } = deps;
  const { queue, region } = about;
  const count = await letters.count();
  if (count === 0 || !(await redrives.claim(queue, nowMs, unseenSinceMs))) return;
  await letters.startMove(REDRIVES.messagesPerSecond);
  const perSecond = REDRIVES.messagesPerSecond;
  telemetry.info('audit', { audit: 'redrive', region, queue, count, perSecond, reason: recovered });
  await deps.pager.publish(redrivenPage(about, count, recovered));
};

/** Told once, and before it is noted: twice does less harm than not at all. Kept in mind for as long as the letters are there. */
const cameBack = async (
  { redrives, pager, telemetry }: RedriveDeps,
  about: PageCase,
  own: Redrive,
  nowMs: number,
): Promise<void> => {
  if (!own.isLeftToPeople) {
    const page: Page = cameBackPage(about, own.startedAtMs);
    telemetry.warn('redriven letters came back, and are left to people', { queue: about.queue });
    await pager.publish(page);
  }
  await redrives.noteCameBack(about.queue, nowMs);
};

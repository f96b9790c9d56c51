// Owns what CloudWatch hands a function of an alarm that has changed, as far as people are told of it.
// Leaves to context.ts what else is going on. Source: CloudWatch user guide, "Invoke a Lambda function from an alarm".
import * as z from 'zod';
import { type AlarmName, readAlarmName } from '../shared/alarm-name.ts';

/** Of an alarm's name and description, as lib/alarms makes them. */
export interface AlarmIdentity extends AlarmName {
  readonly name: string;
  /** One sentence, without a full stop. */
  readonly meaning: string;
  /** In the repository; absent where the description names none. */
  readonly runbook?: string;
}

export interface AlarmNews extends AlarmIdentity {
  readonly region: string;
  readonly state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';
  readonly before: string;
  readonly atMs: number;
  /** When the state before began, where CloudWatch says so. */
  readonly beforeSinceMs?: number;
  /** CloudWatch's own words. */
  readonly reason: string;
  /** Names of the alarms that its rule looks at, and since when those ring that set it off; none for a metric alarm. */
  readonly children: readonly string[];
  readonly triggers: readonly { readonly name: string; readonly sinceMs: number }[];
}

const state = z.object({
  value: z.string(),
  reason: z.string().default(''),
  reasonData: z.string().optional(),
  timestamp: z.string(),
});

const event = z.object({
  region: z.string(),
  alarmData: z.object({
    alarmName: z.string(),
    state: state.extend({ value: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']) }),
    previousState: state.partial().optional(),
    configuration: z.object({ description: z.string().default(''), alarmRule: z.string().default('') }),
  }),
});

/** @throws Error for what is no alarm of this app */
export const readNews = (raw: unknown): AlarmNews => {
  const { region, alarmData } = event.parse(raw);
  const { alarmName, state: now, previousState, configuration } = alarmData;
  const beforeSinceMs = timeOf(previousState?.timestamp);
  return {
    ...identityOf(alarmName, configuration.description),
    region,
    state: now.value,
    before: previousState?.value ?? 'not known',
    atMs: timeOf(now.timestamp) ?? Number.NaN,
    ...(beforeSinceMs === undefined ? {} : { beforeSinceMs }),
    reason: now.reason,
    children: [...configuration.alarmRule.matchAll(/\(\s*"?([^"()]+?)"?\s*\)/g)].map(([, name = '']) => nameOf(name)),
    triggers: triggersOf(now.reasonData),
  };
};

/** @throws Error for a name that does not tell slug and tier */
export const identityOf = (name: string, description: string): AlarmIdentity => {
  const named = readAlarmName(name);
  if (named === undefined)
    throw new Error(`alarm ${name} does not tell slug and tier: lib/alarms/names.ts makes names`);
  const [, meaning = description, runbook] = /^(?:P[012]: )?(.*?)\.? Runbook: (\S+)$/s.exec(description) ?? [];
  return { name, ...named, meaning, ...(runbook === undefined ? {} : { runbook }) };
};

const nameOf = (nameOrArn: string): string => nameOrArn.split(':alarm:').at(-1) ?? nameOrArn;

/** `2026-11-21T10:04:30.000+0000`: an offset without a colon, which not every parser takes. */
const timeOf = (timestamp: string | undefined): number | undefined => {
  const ms = Date.parse((timestamp ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(ms) ? undefined : ms;
};

const reasonData = z.object({
  triggeringAlarms: z.array(z.object({ arn: z.string(), state: z.object({ timestamp: z.string() }) })),
});

/** Of a metric alarm it is something else, and then of no use here. */
const triggersOf = (text: string | undefined): AlarmNews['triggers'] => {
  const parsed = reasonData.safeParse(parseJson(text));
  if (!parsed.success) return [];
  return parsed.data.triggeringAlarms.flatMap(({ arn, state: { timestamp } }) => {
    const sinceMs = timeOf(timestamp);
    return sinceMs === undefined ? [] : [{ name: nameOf(arn), sinceMs }];
  });
};

const parseJson = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
};

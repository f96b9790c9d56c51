// Owns a Region's CloudWatch endpoint: DescribeAlarms by prefix and state, page by page, AWS JSON 1.0 as today's SDK speaks it.
// Leaves to watch-alarms.ts the states, to local/iam how policies are evaluated. Source: CloudWatch API reference, DescribeAlarms.
import * as z from 'zod';
import { answer, parseBody, type Reply } from '../dynamodb/protocol.ts';
import { startWireServer, type WireServer } from '../dynamodb/wire-server.ts';
import { accessDenied, unrecognizedClient } from '../iam/denied.ts';
import { type GuardedEndpoint, guardOf } from '../iam/guard.ts';
import type { AlarmReading } from '../processes.ts';
import type { AlarmPlan } from './alarm-plan.ts';

export interface CloudWatchOptions extends GuardedEndpoint {
  readonly alarms: readonly AlarmPlan[];
  readonly readings: () => readonly AlarmReading[];
}

const TARGET = 'GraniteServiceVersion20100801.DescribeAlarms';

/** Strict: what is not imitated here is refused. */
const describeAlarms = z.strictObject({
  AlarmNamePrefix: z.string().min(1).optional(),
  AlarmTypes: z.array(z.enum(['MetricAlarm', 'CompositeAlarm'])).default(['MetricAlarm']),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).optional(),
  MaxRecords: z.int().min(1).max(100).default(50),
  /** How many were given before. */
  NextToken: z.string().regex(/^\d+$/).default('0'),
});

/** Listens on a free port of 127.0.0.1. @throws Error for a policy that cannot be evaluated */
export const startCloudWatch = (options: CloudWatchOptions): Promise<WireServer> => {
  const { plan, onDefect } = options;
  const guards = guardOf(options);
  return startWireServer(
    0,
    async (request, raw) => {
      const guard = guards(request);
      if (guard === undefined) return { kind: 'answer', ...unrecognizedClient() };
      if (request.headers['x-amz-target'] !== TARGET)
        return invalid(`not emulated locally: ${request.headers['x-amz-target']}`);
      const resource = `arn:aws:cloudwatch:${plan.region}:${plan.account}:alarm:*`;
      const denied = guard.refusal('cloudwatch:DescribeAlarms', resource);
      if (denied !== undefined) return { kind: 'answer', ...accessDenied(denied) };
      const asked = describeAlarms.safeParse(parseBody(raw));
      return asked.success ? described(options, asked.data) : invalid(z.prettifyError(asked.error));
    },
    onDefect,
  );
};

const invalid = (message: string): Reply => answer({ __type: 'InvalidParameterValueException', message }, 400);

const described = (
  { alarms, readings }: CloudWatchOptions,
  { AlarmNamePrefix = '', AlarmTypes, StateValue, MaxRecords, NextToken }: z.infer<typeof describeAlarms>,
): Reply => {
  const states = new Map(readings().map((reading) => [reading.name, reading] as const));
  const found = alarms
    .flatMap(({ kind, description, name }) => {
      const reading = states.get(name);
      return reading === undefined ? [] : [{ kind, description, ...reading }];
    })
    .filter(({ name, state }) => name.startsWith(AlarmNamePrefix) && (StateValue ?? state) === state);
  const shown = (isComposite: boolean) =>
    found
      .filter(({ kind }) => (kind === 'composite') === isComposite)
      .map(({ name, description, state, sinceMs }) => ({
        AlarmName: name,
        AlarmDescription: description,
        StateValue: state,
        // Seconds, as AWS JSON writes times.
        StateUpdatedTimestamp: sinceMs / 1000,
        StateTransitionedTimestamp: sinceMs / 1000,
      }));
  const composites = AlarmTypes.includes('CompositeAlarm') ? shown(true) : [];
  const metrics = AlarmTypes.includes('MetricAlarm') ? shown(false) : [];
  const [from, to] = [Number(NextToken), Number(NextToken) + MaxRecords];
  return answer({
    CompositeAlarms: composites.slice(from, to),
    MetricAlarms: metrics.slice(Math.max(0, from - composites.length), Math.max(0, to - composites.length)),
    ...(to < composites.length + metrics.length ? { NextToken: String(to) } : {}),
  });
};

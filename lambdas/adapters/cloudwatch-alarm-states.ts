// Owns the states of the Region's alarms, as CloudWatch has them: those of the app, metric alarms and composites.
// Leaves to its callers what follows from them.
import {
  CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmState, AlarmStates, RingingAlarm } from '../ports/alarm-states.ts';
import { AWS_TIMING } from '../shared/policies.ts';
import { type AwsClientOptions, awsClientConfig } from './aws-client.ts';
import { within } from './deadlines.ts';

export const createCloudWatchClient = (options: AwsClientOptions): CloudWatchClient =>
  new CloudWatchClient(awsClientConfig(options));

/** CloudWatch gives no more at once; an app with more that ring at the same time has told enough with these. */
const MAX_ALARMS = 100;
/** Of all alarms; a Region of the app has about a hundred. */
const MAX_PAGES = 10;

export class CloudWatchAlarmStates implements AlarmStates {
  constructor(
    private readonly client: CloudWatchClient,
    /** What the names of the app's alarms begin with. */
    private readonly namePrefix: string,
    private readonly deadlineMs: number = AWS_TIMING.callDeadlineMs,
  ) {}

  async ringing(): Promise<readonly RingingAlarm[]> {
    const command = new DescribeAlarmsCommand({
      AlarmNamePrefix: this.namePrefix,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      StateValue: 'ALARM',
      MaxRecords: MAX_ALARMS,
    });
    const { MetricAlarms = [], CompositeAlarms = [] } = await within(this.deadlineMs, (abortSignal) =>
      this.client.send(command, { abortSignal }),
    );
    return [...CompositeAlarms, ...MetricAlarms].flatMap(ringingOf);
  }

  async all(): Promise<readonly AlarmState[]> {
    return within(this.deadlineMs, async (abortSignal) => {
      const found: AlarmState[] = [];
      let next: { NextToken?: string } = {};
      for (let page = 0; page < MAX_PAGES; page++) {
        const { MetricAlarms = [], NextToken } = await this.client.send(
          new DescribeAlarmsCommand({
            AlarmNamePrefix: this.namePrefix,
            AlarmTypes: ['MetricAlarm'],
            MaxRecords: MAX_ALARMS,
            ...next,
          }),
          { abortSignal },
        );
        found.push(...MetricAlarms.flatMap(stateOf));
        if (NextToken === undefined) return found;
        next = { NextToken };
      }
      throw new Error(`more than ${MAX_PAGES * MAX_ALARMS} alarms begin with ${this.namePrefix}`);
    });
  }
}

/** The state's own transition, not an update of its reason. */
const sinceOf = (alarm: MetricAlarm | CompositeAlarm): Date | undefined =>
  alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;

const stateOf = (alarm: MetricAlarm): readonly AlarmState[] => {
  const { AlarmName: name, StateValue: state } = alarm;
  const since = sinceOf(alarm);
  return name === undefined || state === undefined || since === undefined
    ? []
    : [{ name, state, sinceMs: since.getTime() }];
};

const ringingOf = (alarm: MetricAlarm | CompositeAlarm): readonly RingingAlarm[] => {
  const { AlarmName: name, AlarmDescription: description = '' } = alarm;
  const since = sinceOf(alarm);
  return name === undefined || since === undefined ? [] : [{ name, sinceMs: since.getTime(), description }];
};

// Owns what an alarm's actions do: a topic takes CloudWatch's own message, a function is called without anybody waiting, tried
// again as its template says, and told of on its failure destination when it does not succeed. One that is throttled comes again
// until it is too old.
// Leaves to local/cloudwatch when an alarm acts. Sources: CloudWatch user guide, "Invoke a Lambda function from an alarm";
// Lambda developer guide, "Asynchronous invocation".
import { randomUUID } from 'node:crypto';
import { functionNameOf } from '../assembly/functions.ts';
import type { PagingPlan, RegionPlan } from '../assembly/plan.ts';
import type { AlarmPlan } from '../cloudwatch/alarm-plan.ts';
import { alarmsOf, parseRule } from '../cloudwatch/composite-rule.ts';
import type { Notification, StatusChange } from '../cloudwatch/evaluate-alarms.ts';
import { authorize } from '../iam/evaluate.ts';
import { roleRequest } from '../iam/role-request.ts';
import type { InvocationResult } from '../lambda/invocation.ts';
import type { AlarmReading } from '../processes.ts';
import type { Topics } from '../sns/topics.ts';

export interface AlarmActionsOptions {
  readonly plan: Pick<RegionPlan, 'region' | 'account' | 'functions' | 'roles'> & { readonly paging: PagingPlan };
  readonly alarms: readonly AlarmPlan[];
  readonly readings: () => readonly AlarmReading[];
  readonly invoke: (functionName: string, event: string) => Promise<InvocationResult>;
  readonly topics: Topics;
  readonly onTrouble: (what: string) => void;
  readonly nowMs: () => number;
  /** Before a second and a third try; absent: Lambda's own. */
  readonly retryDelaysMs?: readonly number[];
}

const MINUTE_MS = 60_000;
/** Lambda waits one minute before the second try and two before the third. */
const RETRY_DELAYS_MS: readonly number[] = [MINUTE_MS, 2 * MINUTE_MS];
/** A throttled event goes back to Lambda's own queue: for a second at first, for five minutes at most. It is not counted as a try. */
const THROTTLED_DELAY_MS = 1_000;
const MAX_THROTTLED_DELAY_MS = 5 * MINUTE_MS;

export class AlarmActions {
  /** When the state before the present one began, for alarms that have changed here. */
  readonly #since = new Map<string, { readonly nowMs: number; readonly beforeMs: number | undefined }>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(private readonly options: AlarmActionsOptions) {}

  noteChange({ alarm, atMs }: StatusChange): void {
    this.#since.set(alarm, { nowMs: atMs, beforeMs: this.#since.get(alarm)?.nowMs });
  }

  carryOut(notification: Notification): void {
    for (const target of notification.targets) {
      if (target.includes(':lambda:')) this.#call(target, notification);
      else if (this.options.topics.has(target)) this.#publish(target, notification);
      else this.options.onTrouble(`alarm ${notification.alarm}: no ${target} here that it could tell`);
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #call(target: string, notification: Notification): void {
    const { plan, onTrouble } = this.options;
    if (!plan.paging.callableByAlarms.includes(target)) {
      onTrouble(
        `alarm ${notification.alarm}: CloudWatch is not authorized to perform: lambda:InvokeFunction on ${target}`,
      );
      return;
    }
    void this.#attempt({
      target,
      event: this.#eventOf(notification),
      begunAtMs: this.options.nowMs(),
      tries: 1,
      throttles: 0,
    });
  }

  async #attempt(call: Call): Promise<void> {
    const { invoke, onTrouble, nowMs, retryDelaysMs = RETRY_DELAYS_MS } = this.options;
    const name = functionNameOf(call.target);
    const result = await invoke(name, JSON.stringify(call.event)).catch(
      (error: Error): InvocationResult => failedFor(error.message),
    );
    if (result.kind === 'returned') return;
    const { retries, maxAgeSeconds } = this.#settingsOf(call.target);
    const isThrottled = result.kind === 'throttled';
    const why = isThrottled ? 'throttled' : result.error.errorMessage;
    if (!isThrottled) onTrouble(`${name}, try ${call.tries} of an alarm's call: ${why}`);
    const delayMs = isThrottled
      ? Math.min(THROTTLED_DELAY_MS * 2 ** call.throttles, MAX_THROTTLED_DELAY_MS)
      : (retryDelaysMs[Math.min(call.tries, retryDelaysMs.length) - 1] ?? 0);
    const isTooOld = nowMs() + delayMs - call.begunAtMs > maxAgeSeconds * 1000;
    if ((!isThrottled && call.tries > retries) || isTooOld) {
      this.#giveUp(call, why, isTooOld ? 'EventAgeExceeded' : 'RetriesExhausted');
      return;
    }
    const again = isThrottled
      ? { ...call, throttles: call.throttles + 1 }
      : { ...call, tries: call.tries + 1, throttles: 0 };
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#attempt(again);
    }, delayMs);
    this.#timers.add(timer);
  }

  /** Lambda publishes in the name of the function: without the right to, nobody hears of it. */
  #giveUp({ target, event, tries }: Call, errorMessage: string, condition: string): void {
    const { topics, onTrouble, plan } = this.options;
    const { onFailureArn } = this.#settingsOf(target);
    if (onFailureArn === undefined) return;
    const roleName = plan.functions.find(({ name }) => name === functionNameOf(target))?.roleName;
    const role = plan.roles.find(({ name }) => name === roleName) ?? { arn: '', statements: [] };
    const decision = authorize(roleRequest(role, plan.region, 'sns:Publish', onFailureArn));
    if (!decision.allowed || !topics.has(onFailureArn)) {
      onTrouble(
        `failure destination of ${target}: ${decision.allowed ? `no topic ${onFailureArn}` : decision.message}`,
      );
      return;
    }
    const message = {
      version: '1.0',
      timestamp: new Date(this.options.nowMs()).toISOString(),
      requestContext: { requestId: randomUUID(), functionArn: target, condition, approximateInvokeCount: tries },
      requestPayload: event,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorMessage },
    };
    topics.publish({ topicArn: onFailureArn, subject: '', message: JSON.stringify(message), attributes: {} });
  }

  #settingsOf(target: string): PagingPlan['asyncCalls'][number] {
    const [name, qualifier = ''] = [functionNameOf(target), target.split(':')[7]];
    const found = this.options.plan.paging.asyncCalls.find(
      (one) => one.functionName === name && one.qualifier === qualifier,
    );
    return found ?? { functionName: name, qualifier, retries: 2, maxAgeSeconds: 6 * 60 * 60 };
  }

  #publish(topicArn: string, { alarm, region, status, from, reason, atMs }: Notification): void {
    const { account } = this.options.plan;
    const message = {
      AlarmName: alarm,
      AlarmDescription: this.#planOf(alarm)?.description ?? '',
      AWSAccountId: account,
      NewStateValue: status,
      NewStateReason: reason,
      StateChangeTime: stamp(atMs),
      Region: region,
      AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm}`,
      OldStateValue: from,
    };
    const subject = `${status}: "${alarm}" in ${region}`.slice(0, 100);
    this.options.topics.publish({ topicArn, subject, message: JSON.stringify(message), attributes: {} });
  }

  #eventOf({ alarm, region, status, from, reason, atMs }: Notification): object {
    const { account } = this.options.plan;
    const alarmArn = (name: string): string => `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
    const plan = this.#planOf(alarm);
    const beforeMs = this.#since.get(alarm)?.beforeMs;
    const rule = plan?.kind === 'composite' ? plan.rule : undefined;
    const children = rule === undefined ? [] : alarmsOf(parseRule(rule));
    const triggeringAlarms = this.options
      .readings()
      .filter(({ name, state }) => state === 'ALARM' && children.includes(name))
      .map(({ name, sinceMs }) => ({ arn: alarmArn(name), state: { value: 'ALARM', timestamp: stamp(sinceMs) } }));
    return {
      source: 'aws.cloudwatch',
      alarmArn: alarmArn(alarm),
      accountId: account,
      time: stamp(atMs),
      region,
      alarmData: {
        alarmName: alarm,
        state: {
          value: status,
          reason,
          ...(rule === undefined ? {} : { reasonData: JSON.stringify({ triggeringAlarms }) }),
          timestamp: stamp(atMs),
        },
        previousState: { value: from, ...(beforeMs === undefined ? {} : { timestamp: stamp(beforeMs) }) },
        configuration: {
          description: plan?.description ?? '',
          ...(rule === undefined ? { metrics: [] } : { alarmRule: rule }),
        },
      },
    };
  }

  #planOf(name: string): AlarmPlan | undefined {
    return this.options.alarms.find((alarm) => alarm.name === name);
  }
}

interface Call {
  readonly target: string;
  readonly event: object;
  readonly begunAtMs: number;
  readonly tries: number;
  /** In a row. */
  readonly throttles: number;
}

const failedFor = (errorMessage: string): InvocationResult => ({
  kind: 'failed',
  requestId: '',
  error: { errorType: 'Error', errorMessage },
});

/** `2026-11-21T10:04:30.000+0000`, as CloudWatch writes times. */
const stamp = (atMs: number): string => new Date(atMs).toISOString().replace('Z', '+0000');

// Owns what a Region's emulators measure of themselves, published as AWS's own services publish it.
// Leaves to published.ts which metrics there are, to metric-store.ts what is kept of them.
import type { Certificates } from '../acm/certificates.ts';
import type { MetricDatum } from '../lambda/emf.ts';
import type { InvocationResult } from '../lambda/invocation.ts';
import type { LocalQueue } from '../sqs/queue.ts';
import type { MetricStore } from './metric-store.ts';
import {
  CERTIFICATES,
  DAYS_TO_EXPIRY,
  EVENTS,
  LAMBDA,
  type LambdaMetric,
  lambdaDimensions,
  SQS,
  type SqsMetric,
  TRIGGERED_RULES,
} from './published.ts';

type Invoke = (functionName: string, event: string) => Promise<InvocationResult>;

/** ACM publishes twice a day. */
const CERTIFICATES_EVERY_MS = 43_200_000;

export class RegionMetrics {
  readonly #underWay = new Map<string, number>();
  #certificatesAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: Pick<MetricStore, 'publish'>,
    private readonly nowMs: () => number,
  ) {}

  /** What a handler wrote as EMF, at the time that it says. */
  emf(data: readonly MetricDatum[]): void {
    for (const { namespace, name, dimensions, values, atMs } of data)
      this.store.publish({ namespace, name, dimensions }, values, atMs);
  }

  /** `invoke`, counted: every invocation has a point of Errors, 0 or 1; one that was throttled is no invocation. */
  metered(invoke: Invoke): Invoke {
    return async (functionName, event) => {
      const startedAtMs = this.nowMs();
      const underWay = (this.#underWay.get(functionName) ?? 0) + 1;
      this.#underWay.set(functionName, underWay);
      const result = await invoke(functionName, event).finally(() =>
        this.#underWay.set(functionName, (this.#underWay.get(functionName) ?? 1) - 1),
      );
      if (result.kind === 'throttled') {
        this.#lambda(functionName, 'Throttles', 1);
        return result;
      }
      this.#lambda(functionName, 'Throttles', 0);
      this.#lambda(functionName, 'Invocations', 1);
      this.#lambda(functionName, 'ConcurrentExecutions', underWay);
      this.#lambda(functionName, 'Errors', result.kind === 'failed' ? 1 : 0);
      this.#lambda(functionName, 'Duration', this.nowMs() - startedAtMs);
      return result;
    };
  }

  /** Of the last record of a batch of a stream that is handed over. */
  iteratorAge(functionName: string, ageMs: number): void {
    this.#lambda(functionName, 'IteratorAge', ageMs);
  }

  queues(queues: readonly Pick<LocalQueue, 'plan' | 'state'>[]): void {
    for (const queue of queues) {
      const { visible, oldestAgeMs } = queue.state();
      this.#sqs(queue.plan.name, 'ApproximateAgeOfOldestMessage', Math.floor(oldestAgeMs / 1000));
      this.#sqs(queue.plan.name, 'ApproximateNumberOfMessagesVisible', visible);
    }
  }

  certificates(certificates: Pick<Certificates, 'daysToExpiry'>): void {
    if (this.nowMs() - this.#certificatesAtMs < CERTIFICATES_EVERY_MS) return;
    this.#certificatesAtMs = this.nowMs();
    for (const { arn, days } of certificates.daysToExpiry())
      this.store.publish(
        { namespace: CERTIFICATES, name: DAYS_TO_EXPIRY, dimensions: { CertificateArn: arn } },
        [days],
        this.nowMs(),
      );
  }

  /** An event has matched a rule of EventBridge. */
  ruleTriggered(rule: string): void {
    const metric = { namespace: EVENTS, name: TRIGGERED_RULES, dimensions: { RuleName: rule } };
    this.store.publish(metric, [1], this.nowMs());
  }

  #lambda(functionName: string, name: LambdaMetric, value: number): void {
    for (const dimensions of lambdaDimensions(functionName, name))
      this.store.publish({ namespace: LAMBDA, name, dimensions }, [value], this.nowMs());
  }

  #sqs(queueName: string, name: SqsMetric, value: number): void {
    this.store.publish({ namespace: SQS, name, dimensions: { QueueName: queueName } }, [value], this.nowMs());
  }
}

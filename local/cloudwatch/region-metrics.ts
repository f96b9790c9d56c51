// Owns what a Region's emulators measure of themselves, published as AWS's own services publish it.
// Leaves to published.ts which metrics there are, to metric-store.ts what is kept of them.
import type { MetricDatum } from '../lambda/emf.ts';
import type { InvocationResult } from '../lambda/invocation.ts';
import type { LocalQueue } from '../sqs/queue.ts';
import type { MetricStore } from './metric-store.ts';
import { LAMBDA, type LambdaMetric, lambdaDimensions, SQS, type SqsMetric } from './published.ts';

type Invoke = (functionName: string, event: string) => Promise<InvocationResult>;

export class RegionMetrics {
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
      const result = await invoke(functionName, event);
      if (result.kind === 'throttled') {
        this.#lambda(functionName, 'Throttles', 1);
        return result;
      }
      this.#lambda(functionName, 'Throttles', 0);
      this.#lambda(functionName, 'Invocations', 1);
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

  #lambda(functionName: string, name: LambdaMetric, value: number): void {
    for (const dimensions of lambdaDimensions(functionName))
      this.store.publish({ namespace: LAMBDA, name, dimensions }, [value], this.nowMs());
  }

  #sqs(queueName: string, name: SqsMetric, value: number): void {
    this.store.publish({ namespace: SQS, name, dimensions: { QueueName: queueName } }, [value], this.nowMs());
  }
}

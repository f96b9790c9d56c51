// Owns the queues of a Region, each with the DLQ that its redrive policy names, found by ARN or by URL.
// Leaves to queue.ts what one of them does.
import type { QueuePlan } from '../assembly/plan.ts';
import { LocalQueue } from './queue.ts';

export class Queues {
  private readonly byName = new Map<string, LocalQueue>();

  /** @throws Error for a redrive policy that names a queue of elsewhere */
  constructor(dataDir: string, plans: readonly QueuePlan[], nowMs: () => number) {
    const named = new Map(plans.map((plan) => [plan.arn, plan] as const));
    const open = (plan: QueuePlan): LocalQueue => {
      const opened = this.byName.get(plan.name);
      if (opened !== undefined) return opened;
      const deadLetterArn = plan.redrive?.deadLetterArn;
      const deadLetterPlan = deadLetterArn === undefined ? undefined : named.get(deadLetterArn);
      if (deadLetterArn !== undefined && deadLetterPlan === undefined)
        throw new Error(`queue ${plan.name} redrives to ${deadLetterArn}, which is no queue of its Region`);
      const queue = new LocalQueue(dataDir, plan, nowMs, deadLetterPlan && open(deadLetterPlan));
      this.byName.set(plan.name, queue);
      return queue;
    };
    for (const plan of plans) open(plan);
  }

  /** From its URL, of which the last part is the name. */
  atUrl(url: string): LocalQueue | undefined {
    return this.byName.get(url.split('/').at(-1) ?? '');
  }

  all(): readonly LocalQueue[] {
    return [...this.byName.values()];
  }

  withArn(arn: string): LocalQueue | undefined {
    return [...this.byName.values()].find((queue) => queue.plan.arn === arn);
  }

  /** The queues that give up into `deadLetters`. */
  sourcesOf(deadLetters: LocalQueue): readonly LocalQueue[] {
    return [...this.byName.values()].filter((queue) => queue.deadLetters === deadLetters);
  }

  /** The queue of that slug which is nobody's DLQ. */
  withSlug(slug: string): LocalQueue | undefined {
    return [...this.byName.values()].find((queue) => queue.plan.slug === slug && this.sourcesOf(queue).length === 0);
  }

  /** The clock was moved: what became visible by that is seen at once. */
  wake(): void {
    for (const queue of this.byName.values()) queue.wake();
  }

  /** Of every queue that is not another's DLQ; those are counted with the queue they serve. */
  states(): readonly ReturnType<LocalQueue['state']>[] {
    return [...this.byName.values()]
      .filter((queue) => this.sourcesOf(queue).length === 0)
      .map((queue) => queue.state());
  }
}

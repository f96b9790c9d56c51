// Owns `redrive`: shows what lies in a dead-letter queue, and brings it back to its queue at a rate once somebody has agreed.
// Leaves to SQS the moving, and to the workers that a message whose work is done changes nothing.
import { setTimeout as pause } from 'node:timers/promises';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { deadLetterQueueName, QUEUES, type QueueSlug } from '../../lambdas/shared/names.ts';
import { REDRIVES } from '../../lambdas/shared/policies.ts';
import { audit } from '../audit.ts';
import { DeadLetters, type MoveTask } from '../dead-letters.ts';
import { oneLine, Refused } from '../failures.ts';
import { causesOf } from '../message-causes.ts';
import type { Surroundings } from '../surroundings.ts';
import { openTarget, regionsOf, type Target, type TargetOptions } from '../target.ts';

interface RedriveOptions extends TargetOptions {
  readonly region?: string;
  readonly dryRun?: true;
  readonly perSecond: number;
  readonly yes?: true;
}

/** SQS's own bound. */
const MAX_PER_SECOND = 500;
const LOOK_AGAIN_MS = 500;
/** SQS ends a task after 36 hours, whatever is left. */
const LONGEST_MOVE_MS = 36 * 3_600_000;

export const addRedrive = (program: Command, around: Surroundings): void => {
  program
    .command('redrive')
    .description('bring the messages of a dead-letter queue back to their queue, once the cause is mended')
    .addArgument(new Argument('<queue>', 'whose dead-letter queue').choices(QUEUES))
    .option('--region <region>', 'one Region only (default: all of the target)')
    .option('--dry-run', 'show what lies there and move nothing')
    .option('--per-second <n>', `messages a second, 1 to ${MAX_PER_SECOND}`, perSecondFrom, REDRIVES.messagesPerSecond)
    .option('--yes', 'do not ask')
    .action((queue: QueueSlug, _own: unknown, command: Command) =>
      redrive(queue, command.optsWithGlobals<RedriveOptions>(), around),
    );
};

const perSecondFrom = (given: string): number => {
  const perSecond = /^\d{1,3}$/.test(given) ? Number(given) : Number.NaN;
  if (perSecond >= 1 && perSecond <= MAX_PER_SECOND) return perSecond;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${MAX_PER_SECOND}.`);
};

const redrive = async (queue: QueueSlug, options: RedriveOptions, around: Surroundings): Promise<void> => {
  const target = await openTarget(options);
  const regions = regionsOf(target, options.region).map((region) => new RegionRedrive(queue, region, target, around));
  try {
    const failures = await inEach(regions, (region) => region.look());
    const due = regions.filter(({ isDue }) => isDue);
    if (options.dryRun === true) around.terminal.print('dry run: nothing was moved');
    else {
      const count = due.reduce((sum, { toStart }) => sum + toStart, 0);
      if (count > 0 && options.yes !== true)
        await around.terminal.confirm(`Move ${count} back to ${queue}, ${options.perSecond} a second in each Region?`);
      failures.push(...(await inEach(due, (region) => region.move(options.perSecond))));
    }
    if (failures.length > 0) throw new Refused(failures.join('; '));
  } finally {
    for (const region of regions) region.close();
  }
};

/** One after the other. A Region that is down does not keep the other's messages from being shown and moved. */
const inEach = async (
  regions: readonly RegionRedrive[],
  work: (region: RegionRedrive) => Promise<void>,
): Promise<string[]> => {
  const failures: string[] = [];
  for (const region of regions) {
    await work(region).catch((cause: unknown) => failures.push(`${region.name}: ${oneLine(cause)}`));
  }
  return failures;
};

class RegionRedrive {
  /** Messages that a task of ours would move. */
  toStart = 0;
  #opened: DeadLetters | undefined;
  /** The latest task when we looked: ours, or that of somebody else meanwhile, is another one. */
  #latest: MoveTask | undefined;

  constructor(
    private readonly queue: QueueSlug,
    readonly name: string,
    private readonly target: Target,
    private readonly around: Surroundings,
  ) {}

  get isDue(): boolean {
    return this.toStart > 0 || this.#latest?.state === 'running';
  }

  async look(): Promise<void> {
    const deadLetters = await this.#open();
    this.#latest = await deadLetters.latestMove();
    if (this.#latest?.state === 'running') {
      this.#say(`a redrive is under way: ${this.#latest.moved} of ${this.#latest.toMove} moved`);
      return;
    }
    const letters = await deadLetters.look();
    // What was given back a moment ago may not be counted yet.
    const count = Math.max(await deadLetters.count(), letters.length);
    if (count === 0) return this.#say(`nothing in the dead-letter queue of ${this.queue}`);
    if (letters.length === 0) throw new Error(`${count} messages are hidden, somebody looks at them: again in 30 s`);
    this.toStart = count;
    const oldestMs = Math.min(...letters.map(({ sentAtMs }) => sentAtMs));
    const minutes = Math.round((this.around.nowMs() - oldestMs) / 60_000);
    const part = letters.length < count ? `, ${letters.length} of them looked at` : '';
    this.#say(`${count} in the dead-letter queue of ${this.queue}${part}; the oldest was sent ${minutes} min ago`);
    for (const cause of causesOf(this.queue, letters)) this.#say(`  ${cause}`);
  }

  /** Starts a task, or takes up the one under way, and stays until it has ended. */
  async move(perSecond: number): Promise<void> {
    const { queue, name: region, target, toStart: count } = this;
    const { terminal, nowMs } = this.around;
    const deadLetters = await this.#open();
    const before = this.#latest;
    const joins = before?.state === 'running';
    if (!joins && (await deadLetters.startMove(perSecond)) === 'started')
      audit(target, terminal, { command: 'redrive', region, queue, count, perSecond }, nowMs());
    const untilMs = nowMs() + LONGEST_MOVE_MS;
    const bar = terminal.progress(region, joins ? before.toMove : count);
    try {
      while (nowMs() < untilMs) {
        const task = await deadLetters.latestMove();
        if (task !== undefined && (joins || task.startedAtMs !== before?.startedAtMs)) {
          bar.update(task.moved);
          if (task.state === 'done') return this.#say(`${task.moved} moved back to ${queue}`);
          if (task.state === 'failed') throw new Error(`the move ended as ${task.detail} after ${task.moved} messages`);
        }
        await pause(LOOK_AGAIN_MS);
      }
      throw new Error('the move has not ended in 36 hours');
    } finally {
      bar.stop();
    }
  }

  close(): void {
    this.#opened?.close();
  }

  async #open(): Promise<DeadLetters> {
    const { target, name, queue } = this;
    const settings = target.clientSettings('sqs', name);
    this.#opened ??= await DeadLetters.open(settings, deadLetterQueueName(target.jurisdiction, queue));
    return this.#opened;
  }

  #say(line: string): void {
    this.around.terminal.print(`${this.name}  ${line}`);
  }
}

// Owns clients: each holds on to its key, asks one Region and then the other, and remembers every answer.
// Leaves to requests.ts what is sent, to audit/ what must hold of the answers.

import { ROUTES } from '../../lambdas/shared/names.ts';
import type { Random } from '../engine/random.ts';
import type { Trace } from '../engine/trace.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { AgainStep, CommandStep, LookStep } from '../plan/plan.ts';
import { peerOf, type RegionName } from '../world/network.ts';
import type { Region } from '../world/region.ts';
import { type ApiRequest, apiEvent } from './api-event.ts';
import { type Answer, type Attempt, CommandRecord, type Journal, type LookRecord } from './journal.ts';
import { dependencyOf, requestOf } from './requests.ts';

/** What a client waits for an answer. */
const PATIENCE_MS = 12_000;
const MAX_POSITIONS = 8;

export interface ClientsDeps {
  readonly regions: Readonly<Record<RegionName, Region>>;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly faults: FaultBoard;
  readonly trace: Trace;
  /** Told of every answer to a command, and to a look. */
  readonly answered: (record: CommandRecord, attempt: Attempt) => void;
  readonly looked: (look: LookRecord) => void;
}

type ApiSlug = 'payments' | 'operations' | 'lookup' | 'readings';

export class Clients implements Journal {
  readonly commands: ReadonlyMap<string, CommandRecord>;
  #areTimesBetter = false;

  constructor(
    private readonly deps: ClientsDeps,
    steps: readonly CommandStep[],
  ) {
    this.commands = new Map(steps.map((step) => [step.id, new CommandRecord(step)]));
  }

  /** Everybody who gave up tries again. */
  betterTimes(): void {
    this.#areTimesBetter = true;
  }

  /** Those that were opened. */
  accounts(): readonly string[] {
    return [...this.commands.values()].flatMap(({ step: { command }, granted }) =>
      command.kind === 'open' && granted !== undefined ? [command.account] : [],
    );
  }

  /** Goes on until there is an answer that settles it. */
  async command(step: CommandStep): Promise<void> {
    const { time, random } = this.deps;
    const record = this.commands.get(step.id);
    if (record === undefined) throw new Error(`no client was told of step ${step.id}`);
    await this.#untilReady(record);
    let { region } = step;
    for (let tries = 1; record.isOpen; tries++) {
      await this.#attempt(record, region);
      if (random.chance(0.6)) region = peerOf(region);
      while (record.isOpen && tries >= step.patience && !this.#areTimesBetter) await time.sleep(5_000);
      if (record.isOpen) await time.sleep(random.between(200, 4_000));
    }
  }

  async again({ of, region, otherAmountMinor }: AgainStep): Promise<void> {
    const record = this.commands.get(of);
    // What it is about may not be there yet: then there is nothing that this could be the same as.
    if (record === undefined || record.isMoot || !this.#isReady(record)) return;
    await this.#attempt(record, region, otherAmountMinor);
  }

  /** The answer, if there was anything to look for and one came. */
  async look({ account, region, what, isAfter }: LookStep): Promise<Answer | undefined> {
    const granted = [...this.commands.values()].filter(
      ({ step, granted }) => granted !== undefined && 'account' in step.command && step.command.account === account,
    );
    // Who was told of no account has none to look at.
    if (granted.length === 0) return undefined;
    const positions = granted.flatMap((record) => record.granted?.body.position ?? []).slice(-MAX_POSITIONS);
    const after = isAfter ? positions : [];
    const of = what === 'payment' ? granted.findLast(({ step }) => step.command.kind === 'pay') : undefined;
    if (what === 'payment' && of === undefined) return undefined;
    const below = { account: '', statement: '/statement', bills: '/bills', payment: '/payments/{paymentId}' } as const;
    const request: ApiRequest = {
      routeKey: `GET /v1/accounts/{accountId}${below[what]}`,
      path: { accountId: account, ...(of && { paymentId: String(of.granted?.body.paymentId) }) },
      ...(after.length > 0 && { headers: { 'baseload-after': after.join(',') } }),
    };
    const sentRegionMs = this.deps.regions[region].nowMs();
    const answer = await this.#ask(region, request);
    this.deps.trace.tell(`client looks at ${what} of ${account} in ${region}: ${told(answer)}`);
    if (answer === 'silence') return undefined;
    this.deps.looked({ account, region, what, after, ...(of && { of }), sentRegionMs, answer });
    return answer;
  }

  async #untilReady(record: CommandRecord): Promise<void> {
    while (!this.#isReady(record) && !record.isMoot) await this.deps.time.sleep(1_000);
  }

  /** Its account is open, and what it is about was granted; moot when that was refused. */
  #isReady(record: CommandRecord): boolean {
    const { command } = record.step;
    const needed = [
      dependencyOf(command),
      'account' in command && command.kind !== 'open' ? this.#openingOf(command.account) : undefined,
    ];
    return needed.every((id) => {
      if (id === undefined) return true;
      const other = this.commands.get(id);
      if (other === undefined || other.isMoot || (other.concluded && other.granted === undefined)) record.isMoot = true;
      return other?.granted !== undefined;
    });
  }

  #openingOf(account: string): string {
    const opening = [...this.commands.values()].find(
      ({ step: { command } }) => command.kind === 'open' && command.account === account,
    );
    return opening?.step.id ?? `the opening of ${account}`;
  }

  async #attempt(record: CommandRecord, region: RegionName, otherAmountMinor?: number): Promise<void> {
    const { time, trace, answered } = this.deps;
    const { id, command } = record.step;
    const request = requestOf(id, command, (of) => this.commands.get(of)?.granted, otherAmountMinor);
    const attempt: Attempt = {
      region,
      sentMs: time.nowMs,
      ...(otherAmountMinor !== undefined && { otherAmountMinor }),
    };
    record.attempts.push(attempt);
    attempt.answer = await this.#ask(region, request);
    attempt.answeredMs = time.nowMs;
    const other = otherAmountMinor === undefined ? '' : ' with another body';
    trace.tell(`client sends ${id}${other} to ${region}: ${told(attempt.answer)}`);
    if (attempt.answer === 'silence') return;
    if (otherAmountMinor === undefined && isFinal(attempt.answer)) record.concluded ??= attempt.answer;
    answered(record, attempt);
  }

  async #ask(region: RegionName, request: ApiRequest): Promise<Answer | 'silence'> {
    const { regions, time, random, faults } = this.deps;
    const isCutOff = faults.strikes('client-cut-off', region);
    if (!regions[region].isUp || (isCutOff && random.chance(0.5))) {
      await time.sleep(random.between(100, 3_000));
      return 'silence';
    }
    const slug = ROUTES.find(({ key }) => key === request.routeKey)?.slug as ApiSlug;
    const late = time.sleep(PATIENCE_MS).then(() => 'died' as const);
    const result = await Promise.race([regions[region].invoke(slug, apiEvent(request)), late]);
    if (result === 'died' || isCutOff || typeof result === 'string') return 'silence';
    const text = result.body ?? '';
    const headers = (result.headers ?? {}) as Record<string, string>;
    return { status: Number(result.statusCode), text, headers, body: text === '' ? undefined : JSON.parse(text) };
  }
}

const isFinal = ({ status }: Answer): boolean => status < 500 && status !== 429;

const told = (answer: Answer | 'silence'): string => {
  if (answer === 'silence') return 'no answer';
  const { status, headers, body } = answer;
  const replayed = headers['Idempotent-Replayed'] === undefined ? '' : ' (again)';
  return `${status}${status >= 400 ? ` ${body?.type}` : ''}${replayed}`;
};

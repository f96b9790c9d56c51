// Owns the verdict on a run: what broke while it went on, and what does not hold once it should have converged.
// Leaves each invariant to the file beside it, and its name to invariants.ts.
import type { StoredFact } from '../../lambdas/adapters/stored-fact.ts';
import type { Clients } from '../clients/clients.ts';
import type { Attempt, CommandRecord, LookRecord } from '../clients/journal.ts';
import { REGIONS } from '../world/network.ts';
import type { World } from '../world/world.ts';
import { checkAnswer } from './answers.ts';
import { checkBooks } from './books.ts';
import { checkCopies, checkWork } from './deliveries.ts';
import type { Invariant, Report, Violation } from './invariants.ts';
import { checkLook } from './looks.ts';
import { checkCharges, checkConcluded } from './money.ts';
import { booked, type Committed } from './raw-fact.ts';
import { checkSeals, checkVerified } from './seals.ts';
import { checkItems, checkSumsFollowLines, checkViews } from './views.ts';

export type { Violation } from './invariants.ts';

/** Nothing is away any more: an answer takes less than a second, or twelve where a worker was left dead. */
const LAST_LOOKS_MS = 15_000;

export class Auditor {
  readonly violations: Violation[] = [];
  /** In the order in which they came to be. */
  readonly #committed: Committed[] = [];

  constructor(private readonly world: World) {
    world.onCommitted((stored) => this.#note(stored));
  }

  answered = (record: CommandRecord, attempt: Attempt): void => checkAnswer(this.#context(), record, attempt);
  looked = (look: LookRecord): void => checkLook(this.#context(), look);
  unforeseen = (error: unknown): void =>
    this.#report('nothing unforeseen', error instanceof Error ? (error.stack ?? error.message) : String(error));

  get facts(): number {
    return this.#committed.length;
  }

  /** What must hold at any moment, whatever is on its way. */
  watch = (): void => checkSumsFollowLines(this.world, this.#report);

  /** Whether nothing is left to wait for. */
  async isConverged(clients: Clients): Promise<boolean> {
    return (
      [...clients.commands.values()].every(({ isOpen }) => !isOpen) && (await this.#unconverged(clients)).length === 0
    );
  }

  /** The last word: what has not converged by now never will. */
  async conclude(clients: Clients): Promise<void> {
    checkBooks(this.#committed, clients, this.#report);
    checkCharges(this.#committed, this.world.processor, this.#report);
    this.violations.push(...(await this.#unconverged(clients)));
    await this.#lastLooks(clients);
  }

  /** Both Regions are asked for every account at last. */
  async #lastLooks(clients: Clients): Promise<void> {
    const { time } = this.world;
    const asked = clients.accounts().flatMap((account) =>
      REGIONS.map((region) => {
        const look = clients.look({ step: 'look', atMs: 0, account, region, what: 'account', isAfter: true });
        return { account, region, look };
      }),
    );
    await time.runUntil(time.nowMs + LAST_LOOKS_MS);
    for (const { account, region, look } of asked) {
      const told = (await look)?.body.balanceMinor;
      const balance = booked(this.#factsOf(account), 'receivable');
      if (told !== balance)
        this.#report('acknowledged is visible', `${region} says ${told} of ${account}, it owes ${balance}`);
    }
  }

  async #unconverged(clients: Clients): Promise<readonly Violation[]> {
    const found: Violation[] = [];
    const report: Report = (invariant, detail) => void found.push({ invariant, detail });
    for (const { step, isOpen } of clients.commands.values())
      if (isOpen) report('every command is answered', `${step.id} has no answer that settles it`);
    const { world } = this;
    const committed = this.#committed;
    checkItems(committed, world, report);
    checkConcluded(committed, world.processor, report);
    checkViews(committed, world, report);
    checkSeals(committed, world, report);
    await checkVerified(world, report);
    checkWork(committed, world, report);
    checkCopies(clients, world, report);
    return found;
  }

  #factsOf(account: string) {
    return this.#committed.map(({ fact }) => fact).filter(({ accountId }) => accountId === account);
  }

  #note({ sk, body, sum }: StoredFact): void {
    this.#committed.push({ key: sk, body, sum, fact: JSON.parse(body), committedMs: this.world.time.nowMs });
  }

  #context() {
    return { committed: this.#committed, harmed: this.world.harmed, report: this.#report };
  }

  #report = (invariant: Invariant, detail: string): void => {
    this.violations.push({ invariant, detail });
    this.world.trace.tell(`VIOLATION ${invariant}: ${detail}`);
  };
}

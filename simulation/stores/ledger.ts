// Owns the ledger as workers of two Regions reach it: one committed state, acknowledged only with a quorum, and every way in which a
// request or its answer can go wrong.
// Leaves to the memory twins what the items are, to replica.ts how a Region's own copy follows.
import { MemoryEventLog } from '../../lambdas/adapters/memory/event-log.ts';
import { MemoryLedgerCopies } from '../../lambdas/adapters/memory/fact-copies.ts';
import { MemorySealLog } from '../../lambdas/adapters/memory/seal-log.ts';
import { chainPartition, sealSortKey } from '../../lambdas/adapters/seal-rows.ts';
import { type StoredFact, storeFact } from '../../lambdas/adapters/stored-fact.ts';
import { keyOf } from '../../lambdas/domain/keys.ts';
import { type EventLog, LedgerUnavailable, type WriteOutcome } from '../../lambdas/ports/event-log.ts';
import type { FactCopies } from '../../lambdas/ports/fact-copies.ts';
import type { Heartbeats } from '../../lambdas/ports/heartbeats.ts';
import type { SealLog } from '../../lambdas/ports/seals.ts';
import type { Random } from '../engine/random.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { Network, RegionName } from '../world/network.ts';
import type { Worker } from '../world/worker.ts';
import type { Replica } from './replica.ts';
import { beatRecord, factRecord, sealRecord } from './stream-records.ts';

/** All tries of one call: lambdas/shared/policies.ts, AWS_TIMING. */
const CALL_DEADLINE_MS = 5_000;

export interface LedgerDeps {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly network: Network;
  readonly faults: FaultBoard;
  readonly replicas: Readonly<Record<RegionName, Replica>>;
  /** Told of every fact that is committed, in that order. */
  readonly committed: (stored: StoredFact) => void;
}

export class SimulatedLedger {
  readonly facts = new MemoryEventLog();
  readonly seals = new MemorySealLog();
  #records = 0;

  constructor(private readonly deps: LedgerDeps) {}

  eventLog(worker: Worker): EventLog {
    const { facts } = this;
    return {
      append: (fact) =>
        this.#write(
          worker,
          async () => {
            const result = await facts.append(fact);
            if (result.kind === 'appended') this.#commit(storeFact(fact));
            return result;
          },
          async () => {
            // The adapter looks what the other Region has written there (adapters/dynamo/event-log.ts).
            const held = await facts.readFact(fact.accountId, keyOf(fact));
            return held && { kind: 'occupied', fact: held };
          },
        ),
      readFact: (accountId, key) => this.#read(worker, () => facts.readFact(accountId, key)),
      readStream: (accountId, stream) => this.#read(worker, () => facts.readStream(accountId, stream)),
      readAccount: (accountId, page) => this.#read(worker, () => facts.readAccount(accountId, page)),
      scan: (page) => this.#read(worker, () => facts.scan(page)),
    };
  }

  sealLog(worker: Worker): SealLog {
    const { seals } = this;
    return {
      after: (bucket, ordinal, limit) => this.#read(worker, () => seals.after(bucket, ordinal, limit)),
      read: (bucket, ordinal) => this.#read(worker, () => seals.read(bucket, ordinal)),
      append: (seal) =>
        this.#write(worker, async () => {
          const result = await seals.append(seal);
          const key = sealSortKey(seal.ordinal);
          if (result === 'appended') this.#replicate(sealRecord(chainPartition(seal.bucket), key, ++this.#records));
          return result;
        }),
      restore: (seal) => this.#write(worker, () => seals.restore(seal)),
    };
  }

  heartbeats(worker: Worker, clockMs: () => number): Heartbeats {
    return {
      beat: (index, atMs) =>
        this.#write(worker, async () => {
          const partition = `hb#${worker.region}#${String(index).padStart(2, '0')}`;
          this.#replicate(beatRecord(partition, atMs, ++this.#records));
          return { kind: 'written', clockSkewMs: this.deps.time.nowMs - clockMs() };
        }),
    };
  }

  copies(worker: Worker): FactCopies {
    const copies = new MemoryLedgerCopies(this.facts);
    const { faults, replicas } = this.deps;
    const replica = replicas[worker.region];
    return {
      account: (accountId, look) =>
        this.#read(worker, async () => {
          const all = await copies.account(accountId);
          if (look === 'strong') return all;
          const seen = all.filter(({ key }) => replica.has(accountId, key));
          if (seen.length < all.length) faults.count('stale-reads');
          return seen;
        }),
      has: (accountId) => this.#read(worker, () => copies.has(accountId)),
      accounts: (page) => this.#read(worker, () => copies.accounts(page)),
      restore: (accountId, key, copy, seen) =>
        this.#write(worker, async () => {
          const isRestored = await copies.restore(accountId, key, copy, seen);
          const item = this.facts.accounts.get(accountId)?.get(key);
          if (isRestored && item) this.#replicate(factRecord('MODIFY', item, ++this.#records));
          return isRestored;
        }),
    };
  }

  /** Somebody has changed an item behind everybody’s back, by a write that the stream tells of. */
  tellChanged(item: StoredFact): void {
    this.#replicate(factRecord('MODIFY', item, ++this.#records));
  }

  #commit(stored: StoredFact): void {
    this.deps.committed(stored);
    this.#replicate(factRecord('INSERT', stored, ++this.#records));
  }

  #replicate(record: Parameters<Replica['receive']>[0]): void {
    for (const replica of Object.values(this.deps.replicas)) replica.receive(record);
  }

  /** `commit` does it in one turn. `afterConflict`: what a lost race leaves to answer, if anything. */
  async #write<T>(worker: Worker, commit: () => Promise<T>, afterConflict?: () => Promise<T | undefined>): Promise<T> {
    const { faults, network, time, random } = this.deps;
    const { region } = worker;
    await worker.reach(30, 120);
    if (faults.strikes('throttles', region)) throw await this.#failed(worker, 1_000, 'not-attempted', 'throttled');
    if (!network.hasQuorum(region)) {
      faults.count('partition');
      const outcome = random.chance(0.7) ? 'outcome-unknown' : 'not-attempted';
      throw await this.#failed(worker, CALL_DEADLINE_MS, outcome, 'timeout');
    }
    if (faults.strikes('write-conflicts', region)) {
      const answer = await afterConflict?.();
      if (answer !== undefined) return worker.hear(answer);
      throw await this.#failed(worker, 500, 'not-attempted', 'conflict');
    }
    if (faults.strikes('lost-requests', region))
      throw await this.#failed(worker, CALL_DEADLINE_MS, 'outcome-unknown', 'timeout');
    if (faults.strikes('late-writes', region)) {
      time.after(CALL_DEADLINE_MS + random.between(1, 20_000), () => {
        // A damaged item holds the place: nothing is written, and nobody is there to be told.
        if (network.hasQuorum(region)) void commit().catch(() => {});
      });
      throw await this.#failed(worker, CALL_DEADLINE_MS, 'outcome-unknown', 'timeout');
    }
    const answer = await commit();
    if (faults.strikes('lost-answers', region))
      throw await this.#failed(worker, CALL_DEADLINE_MS, 'outcome-unknown', 'timeout');
    return worker.hear(answer);
  }

  async #read<T>(worker: Worker, look: () => Promise<T>): Promise<T> {
    const { faults, network } = this.deps;
    await worker.reach(20, 90);
    if (faults.strikes('throttles', worker.region))
      throw await this.#failed(worker, 1_000, 'not-attempted', 'throttled');
    if (!network.hasQuorum(worker.region)) {
      faults.count('partition');
      throw await this.#failed(worker, CALL_DEADLINE_MS, 'not-attempted', 'timeout');
    }
    return worker.hear(await look());
  }

  async #failed(
    worker: Worker,
    afterMs: number,
    outcome: WriteOutcome,
    reason: LedgerUnavailable['reason'],
  ): Promise<LedgerUnavailable> {
    await worker.reach(afterMs, afterMs);
    return new LedgerUnavailable(outcome, `the simulated ledger gives no answer: ${reason}`, reason);
  }
}

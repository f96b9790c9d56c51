// Owns one chain of seals in one run: verify what others and oneself have sealed, seal what is left of closed windows, again.
// Leaves to verify-seal.ts the comparison, to create-seal-windows-handler.ts all chains and what is told of them.

import { keyOf } from '../domain/keys.ts';
import {
  chainBreak,
  closedWindowEnd,
  headAfter,
  MAX_SEAL_MEMBERS,
  makeSeal,
  NO_SEAL,
  type Seal,
} from '../domain/seal.ts';
import type { Clock } from '../ports/clock.ts';
import type { Queue } from '../ports/queue.ts';
import type { CorruptSeal, SealLog, SealWork, VerifiedHead } from '../ports/seals.ts';
import { encodeArchive } from '../shared/messages.ts';
import { METRICS } from '../shared/metric-names.ts';
import { SEALS } from '../shared/policies.ts';
import { type Verdict, type VerifyDeps, verifySeal } from './verify-seal.ts';

export interface ChainDeps extends VerifyDeps {
  readonly region: string;
  readonly seals: Pick<SealLog, 'after' | 'read' | 'append'>;
  readonly work: Pick<SealWork, 'unsealed' | 'removeUnsealed' | 'heads' | 'advance'>;
  /** Told of every seal that this Region has verified, at least once. */
  readonly archive: Queue;
  readonly clock: Clock;
}

export interface Run {
  /** Everything written before it has come through this Region's stream; 0 when nobody can say. */
  readonly coveredMs: number;
  /** Nothing is begun after it. */
  readonly stopAtMs: number;
}

/** `blockedByMs`: when the seal was made that this Region cannot verify; absent when all are verified. */
export interface ChainEnd {
  readonly blockedByMs?: number;
}

/**
 * A chain goes on only from what this Region has verified, so two Regions never seal different things at one ordinal: the put that
 * comes second loses, and reads what won.
 * @throws LedgerUnavailable, ViewUnavailable, RegionStateUnavailable
 */
export const workChain = async (
  deps: ChainDeps,
  bucket: number,
  from: VerifiedHead | undefined,
  run: Run,
): Promise<ChainEnd> => {
  let head: VerifiedHead = from ?? { ...NO_SEAL, windowEndMs: 0 };
  for (let step = 0; step < SEALS.stepsPerRun && deps.clock.nowMs() < run.stopAtMs; step++) {
    const { seals, corrupt } = await deps.seals.after(bucket, head.ordinal, SEALS.sealsPerRead);
    for (const seal of seals) {
      const next = await verifyNext(deps, head, seal, run);
      if (next === undefined) return { blockedByMs: seal.sealedAtMs };
      if (!(await deps.work.advance(bucket, head, next))) return {};
      deps.telemetry.count(METRICS.sealsVerified);
      head = next;
    }
    if (corrupt !== undefined) return tellCorrupt(deps, corrupt);
    if (seals.length === 0 && !(await sealNext(deps, bucket, head))) return {};
  }
  return {};
};

/** Where the chain stands once `seal` is verified; undefined when it is not. */
const verifyNext = async (
  deps: ChainDeps,
  head: VerifiedHead,
  seal: Seal,
  { coveredMs }: Run,
): Promise<VerifiedHead | undefined> => {
  const { work, archive, telemetry } = deps;
  const broken = chainBreak(head, seal);
  if (broken !== undefined) {
    telemetry.count(METRICS.sealDifferences);
    telemetry.error('the chain of seals is broken', { seal: nameOf(seal), region: seal.region, reason: broken });
    return undefined;
  }
  const verdict = await verifySeal(deps, seal, coveredMs);
  tell(deps, seal, verdict);
  if (verdict.kind !== 'verified') return undefined;
  // Both before the head moves: a run that dies in between verifies the seal again, and does both again.
  const { failed } = await archive.send([{ body: encodeArchive(seal.bucket, seal.ordinal) }]);
  if (failed.length > 0) return undefined;
  await work.removeUnsealed(verdict.facts.map((fact) => ({ ...fact, key: keyOf(fact) })));
  return { ...headAfter(seal), windowEndMs: seal.windowEndMs };
};

/** False when no fact of a closed window waits for a seal. */
const sealNext = async (
  { region, seals, work, clock, telemetry }: ChainDeps,
  bucket: number,
  head: VerifiedHead,
): Promise<boolean> => {
  const nowMs = clock.nowMs();
  const windowEndMs = closedWindowEnd(nowMs, SEALS.graceMs);
  const facts = await work.unsealed(bucket, { beforeMs: windowEndMs, limit: MAX_SEAL_MEMBERS });
  if (facts.length === 0) return false;
  const seal = makeSeal(head, { bucket, windowEndMs, region, sealedAtMs: nowMs }, facts);
  // Whichever Region was first: what stands there is read and verified next.
  if ((await seals.append(seal)) === 'appended') {
    telemetry.count(METRICS.factsSealed, facts.length);
    telemetry.count(METRICS.factsSealedLate, seal.members.filter(({ late }) => late).length);
  }
  return true;
};

const tell = ({ telemetry }: ChainDeps, seal: Seal, verdict: Verdict): void => {
  const about = { seal: nameOf(seal), region: seal.region };
  if (verdict.kind === 'difference') {
    telemetry.count(METRICS.sealDifferences, verdict.findings.length);
    for (const { accountId, key: factKey, reason } of verdict.findings) {
      telemetry.error('a sealed fact is not in the ledger as it was sealed', { ...about, accountId, factKey, reason });
    }
    return;
  }
  if (verdict.kind === 'unverified') telemetry.warn('seal not verified yet', { ...about, count: verdict.missing });
  if (verdict.mended.length > 0) telemetry.count(METRICS.viewFactsMended, verdict.mended.length);
  for (const { accountId, key: factKey } of verdict.mended) {
    telemetry.warn('the view lacked a sealed fact, and has it again', { ...about, accountId, factKey });
  }
};

/** When it was made cannot be read; the difference rings at once. */
const tellCorrupt = ({ telemetry, clock }: ChainDeps, corrupt: CorruptSeal): ChainEnd => {
  telemetry.count(METRICS.sealDifferences);
  telemetry.error('a seal is corrupt', { seal: nameOf(corrupt), reason: corrupt.reason });
  return { blockedByMs: clock.nowMs() };
};

/** As its key in the ledger ends: `07/42` is the 42nd of bucket 7. */
const nameOf = ({ bucket, ordinal }: Pick<Seal, 'bucket' | 'ordinal'>): string =>
  `${String(bucket).padStart(2, '0')}/${ordinal}`;

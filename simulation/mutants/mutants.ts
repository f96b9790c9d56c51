// Owns the planted bugs: one exact piece of a source file each, and what stands there instead. No code of the product knows of them.
// Leaves to changed-sources.ts that the piece is there exactly once, to hunt.ts the finding.
import type { FaultKind } from '../faults/fault-kinds.ts';
import type { SourceChange } from './changed-sources.ts';

export interface Mutant extends SourceChange {
  readonly name: string;
  /** Faults without which it does not show. */
  readonly under?: readonly FaultKind[];
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'drop the condition of the put',
    file: 'lambdas/adapters/memory/event-log.ts',
    find: "if (held) return { kind: 'occupied', fact: loadFact(held) };",
    replace: '',
  },
  {
    name: 'forget the fingerprint',
    file: 'lambdas/shared/http/idempotency.ts',
    find: 'if (matchesFingerprint(stored.fingerprint, body)) return;',
    replace: 'if (body !== undefined) return;',
  },
  {
    name: 'acknowledge before the write',
    file: 'lambdas/payments/create-payments-handler.ts',
    find: 'const result = await ledger.append(fact);',
    replace: "const result = await ledger.append(fact).catch(() => ({ kind: 'appended' as const }));",
    under: ['lost-requests'],
  },
  {
    name: 'a new key with every retry',
    file: 'lambdas/shared/http/keyed-request.ts',
    find: 'commandId: commandId({ ...scope, idempotencyKey }),',
    replace: 'commandId: commandId({ ...scope, idempotencyKey: idempotencyKey + Math.random() }),',
  },
  {
    name: 'replay with another answer',
    file: 'lambdas/payments/create-payments-handler.ts',
    find: 'return replayed(created(stored));',
    replace: 'return replayed(created({ ...stored, occurredAtMs: stored.occurredAtMs + 1 }));',
  },
  {
    name: 'call an unknown outcome not attempted',
    file: 'lambdas/shared/http/router.ts',
    find: 'return new Refusal(error.outcome,',
    replace: "return new Refusal('not-attempted',",
    under: ['lost-answers'],
  },
  {
    name: 'call a lost race granted',
    file: 'lambdas/shared/append-decision.ts',
    find: "if (result.kind === 'appended') return",
    replace: 'if (result.kind !== undefined) return',
  },
  {
    name: 'decide on a stale read',
    file: 'lambdas/shared/append-decision.ts',
    find: 'decide(await eventLog.readStream(accountId, stream));',
    replace: 'decide((await eventLog.readStream(accountId, stream)).slice(0, 2));',
  },
  {
    name: 'refund without a cap',
    file: 'lambdas/domain/decide-payment.ts',
    find: 'if (isClosed(payment) || amountMinor > payment.remainingMinor) {',
    replace: 'if (isClosed(payment)) {',
  },
  {
    name: 'reverse what was refunded already',
    file: 'lambdas/domain/decide-payment.ts',
    find: 'return payment.remainingMinor > 0n\n      ? payment.remainingMinor',
    replace: 'return payment.remainingMinor > 0n\n      ? payment.accepted.amountMinor',
  },
  {
    name: 'decline without undoing',
    file: 'lambdas/domain/decide-payment.ts',
    find: "payment.remainingMinor, (base) => ({\n      ...base,\n      type: 'PaymentDeclined',\n      paymentId: payment.accepted.paymentId,\n      undoneMinor: payment.remainingMinor,",
    replace:
      "minor(0n), (base) => ({\n      ...base,\n      type: 'PaymentDeclined',\n      paymentId: payment.accepted.paymentId,\n      undoneMinor: minor(0n),",
  },
  {
    name: 'follow no clock but the own',
    file: 'lambdas/domain/decision.ts',
    find: 'occurredAtMs: Math.max(nowMs, latestMs + 1)',
    replace: 'occurredAtMs: nowMs',
    under: ['clock-skew'],
  },
  {
    name: 'confirm before the reference is recorded',
    file: 'lambdas/settle-payment/settle-payment.ts',
    find: 'const reference = await processor.prepare(this.#order(amountMinor));',
    replace:
      'const reference = await processor.prepare(this.#order(amountMinor));\n    await processor.confirm(reference, this.#order(amountMinor));',
  },
  {
    name: 'take silence for a decline',
    file: 'lambdas/settle-payment/settle-payment.ts',
    find: '? await processor.confirm(charge.reference, this.#order(charge.amountMinor))',
    replace:
      "? await processor.confirm(charge.reference, this.#order(charge.amountMinor)).catch(() => ({ kind: 'declined' as const, reason: 'method-refused' as const }))",
    under: ['processor-lost-answers'],
  },
  {
    name: 'a new reference with every try of a refund',
    file: 'lambdas/settle-payment/settle-payment.ts',
    find: 'processor.refund({ reference, charge',
    replace: 'processor.refund({ reference: reference + Math.random(), charge',
    under: ['processor-lost-answers'],
  },
  {
    name: 'sweep nothing',
    file: 'lambdas/sweep/create-sweep-handler.ts',
    find: 'if (isOld(facts, nowMs) && nextStep(facts) !== undefined) old.push(stream);',
    replace: '',
    under: ['charges-under-way'],
  },
  {
    name: 'dispatch in the origin alone',
    file: 'lambdas/project-facts/dispatch.ts',
    find: '.filter((place) => isFor(queue, facts[place] as Fact, nowMs));',
    replace: '.filter((place) => isFor(queue, facts[place] as Fact, nowMs) && facts[place]?.region === region);',
  },
  {
    name: 'forget what a queue did not take',
    file: 'lambdas/project-facts/create-project-facts-handler.ts',
    find: '...notMarked, ...notDispatched])];',
    replace: '...notMarked])];',
    under: ['failed-sends'],
  },
  {
    name: 'project what is there already',
    file: 'lambdas/adapters/memory/view-store.ts',
    find: 'if (rows.facts.has(row.sk)) continue;',
    replace: '',
  },
  {
    name: 'add a fact twice to the sums',
    file: 'lambdas/adapters/memory/view-store.ts',
    find: 'of additionsOf([fact])) {',
    replace: 'of additionsOf([fact, fact])) {',
  },
  {
    name: 'leave refunds out of the view',
    file: 'lambdas/project-facts/create-project-facts-handler.ts',
    find: "if (read.kind !== 'fact') continue;",
    replace: "if (read.kind !== 'fact' || read.fact.type === 'PaymentRefunded') continue;",
  },
  {
    name: 'go over a gap of the stream in silence',
    file: 'lambdas/project-facts/stream-gap.ts',
    find: 'if (ownBeats.every(isYoung)) return;',
    replace: 'if (ownBeats.length > 0) return;',
    under: ['stream-past-retention'],
  },
  {
    name: 'say that there is no account when the view has none',
    file: 'lambdas/shared/accounts.ts',
    find: ' ?? (await this.find(accountId));',
    replace: ';',
  },
  {
    name: 'look up without what was asked for',
    file: 'lambdas/lookup/open-view.ts',
    find: 'await overlay.addAsked(asked);',
    replace: '',
    under: ['slow-shards'],
  },
  {
    name: 'answer from what was kept, whatever the totals are now',
    file: 'lambdas/lookup/kept-reads.ts',
    find: 'if (kept === undefined || !equalSums(kept.totals, totals)) return NOTHING;',
    replace: 'if (kept === undefined) return NOTHING;',
  },
  {
    name: 'let payments serve the newest bills',
    file: 'lambdas/domain/bills.ts',
    find: 'return outstandingMinor > newerInForceMinor ?',
    replace: 'return outstandingMinor <= newerInForceMinor ?',
  },
  {
    name: 'check no checksum',
    file: 'lambdas/domain/codec.ts',
    find: "if (sha256(body) !== sum) throw new MalformedFact('its checksum does not match its body');",
    replace: '',
    under: ['damaged-facts', 'damaged-lines'],
  },
  {
    name: 'leave damaged lines of a view',
    file: 'lambdas/domain/repair.ts',
    find: "const isDamage = kind === 'missing' || kind === 'corrupt';",
    replace: "const isDamage = kind === 'missing';",
    under: ['damaged-lines'],
  },
  {
    name: 'leave damaged facts in the ledger',
    file: 'lambdas/domain/repair.ts',
    find: "if (store !== 'ledger' || (kind !== 'missing' && kind !== 'corrupt')) return [];",
    replace: "if (store !== 'ledger' || kind !== 'missing') return [];",
    under: ['damaged-facts'],
  },
  {
    name: 'leave sums as they are',
    file: 'lambdas/domain/repair.ts',
    find: 'return keys.length === 0 ?',
    replace: 'return keys.length >= 0 ?',
    under: ['damaged-sums'],
  },
  {
    name: 'seal without the mark of lateness',
    file: 'lambdas/domain/seal.ts',
    find: 'late: occurredAtMs < windowStartMs,',
    replace: 'late: false,',
    under: ['slow-replica'],
  },
  {
    name: 'never seal what comes late',
    file: 'lambdas/adapters/seal-rows.ts',
    find: 'if (fact.occurredAtMs < nowMs - SEALS.unsealedReachMs) return undefined;',
    replace: 'if (fact.occurredAtMs < nowMs - 60_000) return undefined;',
    under: ['view-writes-away'],
  },
  {
    name: 'forget to have a seal archived',
    file: 'lambdas/seal-windows/work-chain.ts',
    find: 'if (failed.length > 0) return undefined;',
    replace: '',
    under: ['failed-sends'],
  },
];

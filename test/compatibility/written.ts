// Owns what a version writes of every kind: facts of every type as its own rules grant them, and what is made of them.
// Leaves to forms.ts whether another version reads it.
import type { Command, RecordDifference } from '../../lambdas/domain/commands.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { commandId, isoDate } from '../../lambdas/domain/ids.ts';
import type { Remedy } from '../../lambdas/domain/repair.ts';
import type { Seal } from '../../lambdas/domain/seal.ts';
import {
  ACCOUNT_ID,
  account,
  adjust,
  appended,
  creditBill,
  decline,
  issueBill,
  must,
  NOON_MS,
  openAccount,
  pay,
  refund,
  reissueBill,
  reverse,
} from '../domain/commands.ts';
import { failRefund, settle, settleRefund, startCharge, startRefund } from '../domain/settling.ts';
import type { Forms } from './versions.ts';

const difference: RecordDifference = {
  type: 'RecordDifference',
  commandId: commandId({ jurisdiction: 'us', accountId: ACCOUNT_ID, path: 'reconcile', idempotencyKey: 'd' }),
  body: {},
  region: 'us-east-1',
  nowMs: NOON_MS,
  accountId: ACCOUNT_ID,
  currency: account.currency,
  difference: { kind: 'charged-but-not-accepted', window: must(isoDate('2026-10-14')), reference: 'charge_9' },
};

/** Every command there is, each list on a stream of its own. */
const STREAMS: readonly (readonly Command[])[] = [
  [openAccount()],
  [pay(1_000n), startCharge(1_000n), settle(), refund(300n), startRefund(3), settleRefund(3)],
  [pay(500n, { key: 'b' }), decline({ key: 'b' })],
  [pay(700n, { key: 'c' }), startCharge(700n), settle(), refund(200n), startRefund(3), failRefund(3)],
  [pay(900n, { key: 'd' }), reverse(0)],
  [issueBill('2026-09', [1_200n, -200n]), creditBill('bill_2026-09_r1')],
  [issueBill('2026-10', [1_500n]), reissueBill('bill_2026-10_r1', [1_400n])],
  [adjust(-250n), reverse(0)],
  [difference],
];

/** Facts of every type, as `version` decides, and the repair of one of them. */
export const factsBy = (version: Forms): readonly Fact[] => {
  const facts = STREAMS.flatMap((commands) => {
    const stream: Fact[] = [];
    for (const command of commands) stream.push(appended(version.decide(stream, command)));
    return stream;
  });
  const [lost] = facts;
  if (lost === undefined) throw new Error('no command was granted');
  const copy = { kind: 'sound', fact: lost, ...version.encodeFact(lost) } as const;
  const remedy = { kind: 'ledger-item', key: version.keyOf(lost), copy, source: 'view', from: 'us-west-2' } as const;
  const repaired = version.repairFact(remedy as Extract<Remedy, { kind: 'ledger-item' }>, {
    found: { pk: 'us_1001' },
    region: 'us-east-1',
    nowMs: NOON_MS,
  });
  return [...facts, repaired];
};

/** Over all `facts`, which are of one account. */
export const sealBy = (version: Forms, facts: readonly Fact[]): Seal =>
  version.makeSeal(
    version.NO_SEAL,
    {
      bucket: version.sealBucketOf(ACCOUNT_ID),
      windowEndMs: NOON_MS + 60_000,
      region: 'us-east-1',
      sealedAtMs: NOON_MS + 90_000,
    },
    facts.map((fact) => ({
      accountId: fact.accountId,
      key: version.keyOf(fact),
      occurredAtMs: fact.occurredAtMs,
      sum: version.encodeFact(fact).sum,
    })),
  );

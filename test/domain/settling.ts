// Owns commands of the settlement worker for tests, on the account of commands.ts.
// Leaves to the tests what must come of them.
import type {
  Command,
  FailRefund,
  SettlePayment,
  SettleRefund,
  StartCharge,
  StartRefund,
} from '../../lambdas/domain/commands.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { commandId, paymentId } from '../../lambdas/domain/ids.ts';
import { minor } from '../../lambdas/domain/money.ts';
import { nextStep, refundReference } from '../../lambdas/domain/settlement.ts';
import { ACCOUNT_ID, account, decline, must, NOON_MS, type Sent } from './commands.ts';

const base = (what: string, { key = 'w', nowMs = NOON_MS }: Sent) => ({
  commandId: commandId({ jurisdiction: 'us', accountId: ACCOUNT_ID, path: `settlement/${key}`, idempotencyKey: what }),
  body: { what },
  region: 'us-west-2',
  nowMs,
  account,
});

export const startCharge = (amountMinor: bigint, reference = 'charge_1', sent: Sent = {}): StartCharge => ({
  ...base('charge-started', sent),
  type: 'StartCharge',
  processor: 'memory',
  reference,
  amountMinor: minor(amountMinor),
});

export const settle = (sent: Sent = {}): SettlePayment => ({ ...base('settled', sent), type: 'SettlePayment' });

export const startRefund = (refundedOrdinal: number, sent: Sent = {}): StartRefund => ({
  ...base(`refund-started ${refundedOrdinal}`, sent),
  type: 'StartRefund',
  refundedOrdinal,
  reference: refundReference(must(paymentId(`pay_${'a'.repeat(52)}`)), refundedOrdinal),
});

export const settleRefund = (refundedOrdinal: number, sent: Sent = {}): SettleRefund => ({
  ...base(`refund-settled ${refundedOrdinal}`, sent),
  type: 'SettleRefund',
  refundedOrdinal,
});

export const failRefund = (refundedOrdinal: number, sent: Sent = {}): FailRefund => ({
  ...base(`refund-failed ${refundedOrdinal}`, sent),
  type: 'FailRefund',
  refundedOrdinal,
  reason: 'account closed',
});

/** What a worker would record next; with `refuses` the processor declines the charge and fails every refund. */
export const nextCommand = (facts: readonly Fact[], sent: Sent, refuses = false): Command | undefined => {
  const step = nextStep(facts);
  switch (step?.kind) {
    case undefined:
      return undefined;
    case 'prepare-charge':
      return startCharge(step.amountMinor, 'charge_1', sent);
    case 'confirm-charge':
      return refuses ? decline(sent) : settle(sent);
    case 'start-refund':
      return startRefund(step.back.ordinal, sent);
    case 'send-refund':
      return (refuses ? failRefund : settleRefund)(step.started.refundedOrdinal, sent);
  }
};

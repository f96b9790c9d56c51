// Owns one payment's way through the processor: what is due is asked of the ledger before each step, and recorded after it.
// Leaves to domain/settlement.ts what is due, to create-settle-payment-handler.ts the queue.
import type { Command } from '../domain/commands.ts';
import { decide } from '../domain/decide.ts';
import type { AccountOpened, Fact, FactType, PaymentAccepted } from '../domain/facts.ts';
import { commandId } from '../domain/ids.ts';
import { nextStep, refundReference, type SettlementStep } from '../domain/settlement.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { ChargeOrder, ChargeState, Processor } from '../ports/processor.ts';
import type { Accounts } from '../shared/accounts.ts';
import { appendDecision } from '../shared/append-decision.ts';
import type { SettlementMessage } from '../shared/messages.ts';
import { METRICS, type MetricName } from '../shared/metric-names.ts';
import { SETTLEMENT_STEPS } from '../shared/policies.ts';
import type { Telemetry } from '../shared/telemetry.ts';

export interface SettleDeps {
  readonly region: string;
  readonly jurisdiction: string;
  readonly ledger: EventLog;
  readonly accounts: Pick<Accounts, 'require'>;
  readonly processor: Processor;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** `later`: the processor has begun something and does not know yet how it ends. */
export type Settled = 'done' | 'later';

const COUNTED: Readonly<Partial<Record<FactType, MetricName>>> = {
  PaymentSettled: METRICS.paymentsSettled,
  PaymentDeclined: METRICS.paymentsDeclined,
  RefundSettled: METRICS.refundsSettled,
  RefundFailed: METRICS.refundsFailed,
};

/** A message or an answer that no retry makes right. */
export class CannotSettle extends Error {
  override readonly name = 'CannotSettle';
}

/**
 * Does whatever is open at the processor for the payment. May be called at any time, any number of times and in both Regions
 * at once: each step begins with a strong read, and its effect at the processor happens once at any age.
 * @throws ProcessorUnavailable, LedgerUnavailable, CannotSettle
 */
export const settlePayment = async (deps: SettleDeps, { accountId, stream }: SettlementMessage): Promise<Settled> => {
  const account = await deps.accounts.require(accountId);
  for (let step = 1; step <= SETTLEMENT_STEPS; step++) {
    const facts = await deps.ledger.readStream(accountId, stream);
    const accepted = facts.find((fact) => fact.type === 'PaymentAccepted');
    if (accepted === undefined) throw new CannotSettle(`${stream} of ${accountId} is no payment`);
    const next = nextStep(facts);
    if (next === undefined) return 'done';
    if ((await take(new Payment(deps, account, accepted), next)) === 'later') return 'later';
  }
  return 'later';
};

const take = (payment: Payment, step: SettlementStep): Promise<'taken' | 'later'> => {
  switch (step.kind) {
    case 'prepare-charge':
      return payment.prepare(step);
    case 'confirm-charge':
      return payment.confirm(step);
    case 'start-refund':
      return payment.startRefund(step);
    case 'send-refund':
      return payment.sendRefund(step);
  }
};

type Step<Kind extends SettlementStep['kind']> = Extract<SettlementStep, { readonly kind: Kind }>;
/** What a command needs beside its origin. */
type Asked = Command extends infer C
  ? C extends { readonly account: AccountOpened }
    ? Omit<C, 'account' | 'commandId' | 'body' | 'region' | 'nowMs'>
    : never
  : never;

class Payment {
  constructor(
    private readonly deps: SettleDeps,
    private readonly account: AccountOpened,
    private readonly accepted: PaymentAccepted,
  ) {}

  async prepare({ amountMinor }: Step<'prepare-charge'>): Promise<'taken'> {
    const { processor } = this.deps;
    const reference = await processor.prepare(this.#order(amountMinor));
    await this.#append('charge-started', { type: 'StartCharge', processor: processor.name, reference, amountMinor });
    return 'taken';
  }

  /** An earlier worker may have confirmed it and died: the processor is asked first, and again where its answer was lost. */
  async confirm({ charge }: Step<'confirm-charge'>): Promise<'taken' | 'later'> {
    const { processor } = this.deps;
    this.#requireOwn(charge.processor);
    const before = await processor.lookup(charge.reference);
    const state =
      before.kind === 'unconfirmed'
        ? await processor.confirm(charge.reference, this.#order(charge.amountMinor))
        : before;
    return this.#recordCharge(state, charge.amountMinor);
  }

  async startRefund({ back: { ordinal } }: Step<'start-refund'>): Promise<'taken'> {
    const reference = refundReference(this.accepted.paymentId, ordinal);
    await this.#append(`refund-started ${ordinal}`, { type: 'StartRefund', refundedOrdinal: ordinal, reference });
    return 'taken';
  }

  async sendRefund({ charge, started }: Step<'send-refund'>): Promise<'taken' | 'later'> {
    this.#requireOwn(charge.processor);
    const { refundedOrdinal, reference, amountMinor } = started;
    const state = await this.deps.processor.refund({ reference, charge: charge.reference, amountMinor });
    switch (state.kind) {
      case 'under-way':
        return 'later';
      case 'sent':
        return this.#record(`refund-settled ${refundedOrdinal}`, { type: 'SettleRefund', refundedOrdinal });
      case 'failed': {
        const { reason } = state;
        return this.#record(`refund-failed ${refundedOrdinal}`, { type: 'FailRefund', refundedOrdinal, reason });
      }
    }
  }

  async #recordCharge(state: ChargeState, startedMinor: bigint): Promise<'taken' | 'later'> {
    switch (state.kind) {
      case 'unconfirmed':
        throw new CannotSettle(
          `the charge of ${this.accepted.paymentId} was confirmed, neither collected nor declined`,
        );
      case 'under-way':
        return 'later';
      case 'collected':
        if (state.amountMinor !== startedMinor) {
          const { paymentId } = this.accepted;
          throw new CannotSettle(`${state.amountMinor} of ${paymentId} were collected, ${startedMinor} were started`);
        }
        return this.#record('settled', { type: 'SettlePayment' });
      case 'declined':
        return this.#record('declined', { type: 'DeclinePayment', reason: state.reason });
    }
  }

  /** @throws CannotSettle when the ledger holds another outcome than the processor: that is for people to look at */
  async #record(what: string, asked: Asked): Promise<'taken'> {
    const detail = await this.#append(what, asked);
    if (detail === undefined) return 'taken';
    throw new CannotSettle(`${what} of ${this.accepted.paymentId} contradicts the ledger: ${detail}`);
  }

  /**
   * Two Regions at the same step write the same command: the ledger keeps the first, and both go on from there. Gives back why
   * the payment, as it has become meanwhile, no longer takes the fact; another look at it finds another step.
   */
  async #append(what: string, asked: Asked): Promise<string | undefined> {
    const { deps, account, accepted } = this;
    const { accountId, stream, paymentId } = accepted;
    const path = `settlement/${paymentId}`;
    const command = {
      ...asked,
      account,
      commandId: commandId({ jurisdiction: deps.jurisdiction, accountId, path, idempotencyKey: what }),
      body: { what },
      region: deps.region,
    };
    const result = await appendDecision(deps.ledger, { accountId, stream }, (facts: readonly Fact[]) =>
      decide(facts, { ...command, nowMs: deps.clock.nowMs() } as Command),
    );
    const metric = result.kind === 'appended' ? COUNTED[result.fact.type] : undefined;
    if (metric !== undefined) deps.telemetry.count(metric);
    if (result.kind !== 'rejected') return undefined;
    if (result.reason === 'not-reversible' || result.reason === 'already-reversed') return result.detail;
    throw new CannotSettle(`${what} of ${paymentId}: ${result.detail}`);
  }

  #order(amountMinor: ChargeOrder['amountMinor']): ChargeOrder {
    const { accountId, paymentId, currency, method } = this.accepted;
    return { accountId, paymentId, amountMinor, currency, method };
  }

  #requireOwn(processor: string): void {
    const { name } = this.deps.processor;
    if (processor === name) return;
    throw new CannotSettle(`the charge was started at processor ${processor}, this worker has ${name}`);
  }
}

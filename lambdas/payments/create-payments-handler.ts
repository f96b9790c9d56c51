// Owns the one route a payer's money goes through: one conditional put, and the same answer however often it is asked for.
// Leaves to domain/decide-payment.ts what is accepted, to the event log that it is written once.
import { decidePostPayment } from '../domain/decide-payment.ts';
import type { AccountOpened, Fact, PaymentAccepted } from '../domain/facts.ts';
import { type CommandId, paymentIdOf } from '../domain/ids.ts';
import { factKey, paymentStream } from '../domain/keys.ts';
import { isTestAccount } from '../domain/test-account.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { AccountLimit } from '../shared/account-limit.ts';
import type { Accounts } from '../shared/accounts.ts';
import { created } from '../shared/fact-answers.ts';
import { replayed, requireSameBody } from '../shared/http/idempotency.ts';
import { type KeyedRequest, readKeyedRequest } from '../shared/http/keyed-request.ts';
import { type LimitedRoute, limited } from '../shared/http/limited-route.ts';
import { invalidRequest, type Refusal } from '../shared/http/problem.ts';
import { refusalOf } from '../shared/http/rejection.ts';
import type { Reply } from '../shared/http/reply.ts';
import { type ApiHandler, createApi } from '../shared/http/router.ts';
import { METRICS } from '../shared/metric-names.ts';
import { type PaymentRequest, postPaymentRequest } from '../shared/schemas/payment-request.ts';
import type { Telemetry } from '../shared/telemetry.ts';

export interface PaymentsDeps {
  readonly region: string;
  readonly jurisdiction: string;
  readonly ledger: Pick<EventLog, 'append' | 'readFact'>;
  readonly accounts: Accounts;
  readonly limit: AccountLimit;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

export const createPaymentsHandler = (deps: PaymentsDeps): ApiHandler =>
  createApi<'payments'>({
    ...deps,
    routes: { 'POST /v1/accounts/{accountId}/payments': limited(deps, postPayment(deps)) },
  });

const postPayment =
  (deps: PaymentsDeps): LimitedRoute =>
  async (event, accountId) => {
    const account = await deps.accounts.require(accountId);
    const path = `/v1/accounts/${accountId}/payments`;
    const request = readKeyedRequest(event, { jurisdiction: deps.jurisdiction, accountId, path }, postPaymentRequest);
    const decision = decideRequest(deps, account, request);
    const stored =
      decision.kind === 'append' ? await append(deps, decision.fact) : await find(deps, account, request.commandId);
    if (stored !== undefined) return replayPayment(deps, stored, request);
    if (decision.kind === 'refused') throw decision.refusal;
    if (!isTestAccount(accountId)) deps.telemetry.count(METRICS.paymentsAccepted);
    return created(decision.fact);
  };

type RequestDecision =
  | { readonly kind: 'append'; readonly fact: PaymentAccepted }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A payment opens its own stream: there is nothing to read before it is decided. */
const decideRequest = (
  { region, clock }: PaymentsDeps,
  account: AccountOpened,
  { commandId, body, request }: KeyedRequest<PaymentRequest>,
): RequestDecision => {
  if (request.kind === 'invalid') return { kind: 'refused', refusal: invalidRequest(request.errors) };
  const decision = decidePostPayment([], {
    type: 'PostPayment',
    commandId,
    body,
    region,
    nowMs: clock.nowMs(),
    account,
    ...request.value,
  });
  if (decision.kind === 'append') return decision;
  if (decision.kind === 'rejected') return { kind: 'refused', refusal: refusalOf(decision) };
  throw new Error('a payment decided on an empty stream cannot be a replay');
};

/** The fact that holds the payment's place already, if any. */
const append = async ({ ledger }: PaymentsDeps, fact: PaymentAccepted): Promise<Fact | undefined> => {
  const result = await ledger.append(fact);
  return result.kind === 'occupied' ? result.fact : undefined;
};

/** What is not valid today may have been accepted under this key before: a strong read tells. */
const find = (
  { ledger }: PaymentsDeps,
  { accountId }: AccountOpened,
  commandId: CommandId,
): Promise<Fact | undefined> => ledger.readFact(accountId, factKey(paymentStream(paymentIdOf(commandId)), 0));

const replayPayment = ({ telemetry }: PaymentsDeps, stored: Fact, request: KeyedRequest<unknown>): Reply => {
  requireSameBody(stored, request);
  telemetry.count(METRICS.paymentsReplayed);
  return replayed(created(stored));
};

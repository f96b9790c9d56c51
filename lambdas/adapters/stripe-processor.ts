// Owns the processor Stripe, through its own package: PaymentIntents that are made first and confirmed later.
// Leaves to secrets.ts the key, to the payer's vault which methods there are: `method` goes to Stripe as it stands in the payment.
import Stripe from 'stripe';
import { minor, toWire } from '../domain/money.ts';
import {
  type ChargeOrder,
  type ChargeState,
  type DeclineReason,
  type Processor,
  ProcessorUnavailable,
  type RefundOrder,
  type RefundState,
} from '../ports/processor.ts';

/**
 * Decline codes after which Stripe says that the same method will not do (docs.stripe.com/declines/codes). Codes that ask for
 * another try later, such as `processing_error` and `try_again_later`, are not among them.
 */
const DECLINES: ReadonlyMap<string, DeclineReason> = new Map<string, DeclineReason>([
  ['insufficient_funds', 'insufficient-funds'],
  ['card_velocity_exceeded', 'limit-exceeded'],
  ['withdrawal_count_limit_exceeded', 'limit-exceeded'],
  ['expired_card', 'method-expired'],
  ['lost_card', 'method-refused'],
  ['stolen_card', 'method-refused'],
  ['pickup_card', 'method-refused'],
  ['restricted_card', 'method-refused'],
  ['do_not_honor', 'method-refused'],
  ['generic_decline', 'method-refused'],
  ['card_not_supported', 'method-refused'],
  ['currency_not_supported', 'method-refused'],
  ['transaction_not_allowed', 'method-refused'],
  ['incorrect_number', 'method-unknown'],
  ['invalid_account', 'method-unknown'],
  ['fraudulent', 'suspected-fraud'],
]);

/** Where our own name for a refund stands at Stripe. */
const REFERENCE = 'baseload_refund';
/** One page; a payment has at most that many refunds here, and more are refused rather than sent twice. */
const REFUNDS_LISTED = 100;

export interface StripeOptions {
  readonly apiKey: string;
  readonly timeoutMs: number;
  /** Absent: Stripe itself. */
  readonly endpoint?: { readonly protocol: 'http' | 'https'; readonly host: string; readonly port: number };
}

export class StripeProcessor implements Processor {
  readonly name = 'stripe';
  readonly #stripe: Stripe;

  constructor({ apiKey, timeoutMs, endpoint }: StripeOptions) {
    // No retries of its own: a key that comes twice can replay a saved error. Left alone, the package makes a new one a request.
    this.#stripe = new Stripe(apiKey, { maxNetworkRetries: 0, timeout: timeoutMs, telemetry: false, ...endpoint });
  }

  async prepare({ paymentId, amountMinor, currency, method }: ChargeOrder): Promise<string> {
    const intent = await asked('prepare', () =>
      this.#stripe.paymentIntents.create({
        amount: toWire(amountMinor),
        currency: currency.toLowerCase(),
        payment_method: method,
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        metadata: { baseload_payment: paymentId },
      }),
    );
    return intent.id;
  }

  /** A decline comes as an error, and so does a second confirm: what counts is what the intent says of itself. */
  async confirm(reference: string, { method }: ChargeOrder): Promise<ChargeState> {
    try {
      return stateOf(
        await this.#stripe.paymentIntents.confirm(reference, { payment_method: method, off_session: true }),
      );
    } catch (cause) {
      const isAnswered = cause instanceof Stripe.errors.StripeCardError || isUnexpectedState(cause);
      if (!isAnswered) throw new ProcessorUnavailable(`confirm: ${messageOf(cause)}`, { cause });
      return this.lookup(reference);
    }
  }

  async lookup(reference: string): Promise<ChargeState> {
    return stateOf(await asked('lookup', () => this.#stripe.paymentIntents.retrieve(reference)));
  }

  async refund({ reference, charge, amountMinor }: RefundOrder): Promise<RefundState> {
    const known = await asked('list refunds', () =>
      this.#stripe.refunds.list({ payment_intent: charge, limit: REFUNDS_LISTED }),
    );
    const earlier = known.data.find(({ metadata }) => metadata?.[REFERENCE] === reference);
    if (earlier === undefined && known.has_more) {
      throw new ProcessorUnavailable(
        `${charge} has more than ${REFUNDS_LISTED} refunds: ${reference} may be among them`,
      );
    }
    const order = { payment_intent: charge, amount: toWire(amountMinor), metadata: { [REFERENCE]: reference } };
    // The key is for two workers in the same moment; the look before is for any other day.
    const send = () => this.#stripe.refunds.create(order, { idempotencyKey: reference });
    return refundStateOf(earlier ?? (await asked('refund', send)));
  }
}

const stateOf = ({ status, amount_received, last_payment_error: error }: Stripe.PaymentIntent): ChargeState => {
  switch (status) {
    case 'succeeded':
      return { kind: 'collected', amountMinor: minor(amount_received) };
    case 'canceled':
      return { kind: 'declined', reason: 'cancelled' };
    case 'requires_payment_method':
    case 'requires_confirmation': {
      const reason = DECLINES.get(error?.decline_code ?? error?.code ?? '');
      return reason === undefined ? { kind: 'unconfirmed' } : { kind: 'declined', reason };
    }
    default:
      return { kind: 'under-way' };
  }
};

const refundStateOf = ({ status, failure_reason }: Stripe.Refund): RefundState => {
  switch (status) {
    case 'succeeded':
      return { kind: 'sent' };
    case 'failed':
    case 'canceled':
      return { kind: 'failed', reason: failure_reason ?? `the refund was ${status}` };
    default:
      return { kind: 'under-way' };
  }
};

const asked = async <T>(what: string, ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (cause) {
    throw new ProcessorUnavailable(`${what}: ${messageOf(cause)}`, { cause });
  }
};

const isUnexpectedState = (cause: unknown): boolean =>
  cause instanceof Stripe.errors.StripeError && cause.code === 'payment_intent_unexpected_state';

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : 'it was not answered');

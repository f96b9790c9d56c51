// Owns the processor Stripe, through its own package: PaymentIntents that are made first and confirmed later.
// Leaves to secrets.ts the key, to the payer's vault which methods there are: `method` goes to Stripe as it stands in the payment.
import Stripe from 'stripe';
import { type Currency, minor, toWire } from '../domain/money.ts';
import type { ReportEntry } from '../domain/reconcile.ts';
import {
  type ChargeOrder,
  type ChargeState,
  type DeclineReason,
  type Processor,
  ProcessorUnavailable,
  type RefundOrder,
  type RefundState,
  type ReportPage,
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

/** Where our own name for a refund stands at Stripe, and, of a charge, whose payment it is. */
const REFERENCE = 'baseload_refund';
const PAYMENT = 'baseload_payment';
const ACCOUNT = 'baseload_account';
/** Stripe's largest page. */
const REPORT_PAGE = 100;
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

  async prepare({ accountId, paymentId, amountMinor, currency, method }: ChargeOrder): Promise<string> {
    const intent = await asked('prepare', () =>
      this.#stripe.paymentIntents.create({
        amount: toWire(amountMinor),
        currency: currency.toLowerCase(),
        payment_method: method,
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        metadata: { [PAYMENT]: paymentId, [ACCOUNT]: accountId },
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

  /** Stripe makes a charge with each confirm, and gives it the intent's metadata. Charges come first, then refunds. */
  async report(fromMs: number, toMs: number, cursor = 'charges:'): Promise<ReportPage> {
    const [list, after = ''] = cursor.split(':');
    // Whole seconds: one that the bound cuts is asked for in both halves, and the entries are told apart below.
    const created = { gte: Math.floor(fromMs / 1000), lt: Math.ceil(toMs / 1000) };
    const asking = { created, limit: REPORT_PAGE, ...(after !== '' && { starting_after: after }) };
    const isWithin = ({ atMs }: ReportEntry) => atMs >= fromMs && atMs < toMs;
    if (list === 'charges') {
      const { data, has_more } = await asked('list charges', () => this.#stripe.charges.list(asking));
      const last = data.at(-1)?.id;
      return {
        entries: data.map(chargeEntry).filter(isWithin),
        cursor: has_more && last !== undefined ? `charges:${last}` : 'refunds:',
      };
    }
    const { data, has_more } = await asked('list refunds', () =>
      this.#stripe.refunds.list({ ...asking, expand: ['data.payment_intent'] }),
    );
    const last = data.at(-1)?.id;
    const entries = data.map(refundEntry).filter(isWithin);
    return has_more && last !== undefined ? { entries, cursor: `refunds:${last}` } : { entries };
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

const ownerOf = (metadata: Stripe.Metadata | null | undefined): Pick<ReportEntry, 'paymentId' | 'accountId'> => ({
  ...(metadata?.[PAYMENT] !== undefined && { paymentId: metadata[PAYMENT] }),
  ...(metadata?.[ACCOUNT] !== undefined && { accountId: metadata[ACCOUNT] }),
});

const chargeStatusOf = ({ status, captured }: Stripe.Charge): ReportEntry['status'] => {
  if (status === 'failed') return 'declined';
  return status === 'succeeded' && captured ? 'collected' : 'under-way';
};

const chargeEntry = (charge: Stripe.Charge): ReportEntry => ({
  kind: 'charge',
  reference: idOf(charge.payment_intent) ?? charge.id,
  ...ownerOf(charge.metadata),
  amountMinor: minor(charge.captured ? charge.amount_captured : charge.amount),
  currency: charge.currency.toUpperCase() as Currency,
  atMs: charge.created * 1000,
  status: chargeStatusOf(charge),
});

const refundEntry = (refund: Stripe.Refund): ReportEntry => ({
  kind: 'refund',
  reference: refund.metadata?.[REFERENCE] ?? refund.id,
  ...ownerOf(typeof refund.payment_intent === 'string' ? undefined : refund.payment_intent?.metadata),
  amountMinor: minor(refund.amount),
  currency: refund.currency.toUpperCase() as Currency,
  atMs: refund.created * 1000,
  status: refundStateOf(refund).kind,
});

const idOf = (of: string | { readonly id: string } | null): string | undefined =>
  typeof of === 'string' ? of : of?.id;

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

// Owns what a payer's portal can ask Baseload for, whichever Region answers.
// Leaves to call.ts the attempts, to answers.ts the answers. What only operators may do has no place here.
import * as answers from './answers.ts';
import { Call, type Plan } from './call.ts';
import { Unavailable } from './errors.ts';
import { type Answer, exchange, type Request } from './exchange.ts';
import { HedgeBudget } from './hedge-budget.ts';
import { KeptAnswers } from './kept-answers.ts';
import { type BillingClientOptions, type Settings, settingsOf } from './options.ts';
import { OwnWrites } from './own-writes.ts';
import { type Region, Regions } from './regions.ts';
import { checkedKey, type Instant, type PaymentRequest, paymentBody, query, segment } from './requests.ts';
import { type Shape, UnexpectedAnswer } from './shapes.ts';
import { firstOf } from './wait.ts';

export interface CallOptions {
  /** Ends the call. Of a payment that may be under way the error is then OutcomeUnknown, else the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface PayOptions extends CallOptions {
  /**
   * One for each payment a payer means to make, the same however often it is tried. Left out: a random one, which the
   * answer and every error bring back.
   */
  readonly idempotencyKey?: string | undefined;
}

export interface StatementOptions extends CallOptions {
  /** Inclusive. */
  readonly from?: Instant;
  /** Exclusive. */
  readonly to?: Instant;
  /** Lines in a page: 1 to 200. */
  readonly limit?: number;
}

export interface BillsOptions extends CallOptions {
  /** Periods in a page: 1 to 100. */
  readonly limit?: number;
}

export interface Receipt extends answers.AcceptedPayment {
  readonly idempotencyKey: string;
  /** It had been made before, with this key. */
  readonly replayed: boolean;
}

interface Lookup<T> {
  readonly accountId: string;
  /** Below the account; empty for the account itself. */
  readonly path: string;
  readonly shape: Shape<T>;
  readonly revalidates?: true;
}

/** Every method fails with Refused, OutcomeUnknown (`pay` alone) or Unavailable, and with TypeError before anything is sent. */
export class BillingClient {
  readonly #settings: Settings;
  readonly #regions: Regions;
  readonly #hedges = new HedgeBudget();
  readonly #ownWrites: OwnWrites;
  readonly #kept = new KeptAnswers();

  constructor(options: BillingClientOptions) {
    this.#settings = settingsOf(options);
    this.#regions = new Regions(this.#settings.regions);
    this.#ownWrites = new OwnWrites(this.#settings.regions.length);
  }

  /** Makes one payment, once, however many attempts it takes. */
  async pay(accountId: string, payment: PaymentRequest, options: PayOptions = {}): Promise<Receipt> {
    const idempotencyKey = checkedKey(options.idempotencyKey ?? crypto.randomUUID());
    const request: Request = {
      method: 'POST',
      path: `${accountPath(accountId)}/payments`,
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: paymentBody(payment),
    };
    const receipt = await this.#call({ idempotencyKey, signal: options.signal }, () => ({
      request,
      accept: (answer) => ({
        ...acceptedPayment(answer, accountId, payment),
        idempotencyKey,
        replayed: isReplay(answer),
      }),
    }));
    this.#ownWrites.add(accountId, receipt.position, this.#settings.clock.nowMs());
    return receipt;
  }

  account(accountId: string, options: CallOptions = {}): Promise<answers.Account> {
    return this.#lookUp({ accountId, path: '', shape: answers.account }, options);
  }

  /** What was owed at the end of `asOf`; now when left out. */
  async balance(accountId: string, options: CallOptions & { readonly asOf?: Instant } = {}): Promise<answers.Balance> {
    const { asOf } = options;
    return this.#lookUp({ accountId, path: `/balance${query({ asOf })}`, shape: answers.balance }, options);
  }

  /** One page, oldest line first; `nextCursor` is the `cursor` of the next one, in either Region. */
  async statement(
    accountId: string,
    options: StatementOptions & { readonly cursor?: string } = {},
  ): Promise<answers.StatementPage> {
    const { from, to, limit, cursor } = options;
    const path = `/statement${query({ from, to, limit, cursor })}`;
    return this.#lookUp({ accountId, path, shape: answers.statementPage }, options);
  }

  /** Every line, a page at a time. */
  async *statementLines(accountId: string, options: StatementOptions = {}): AsyncGenerator<answers.StatementLine> {
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: answers.StatementPage = await this.statement(accountId, cursor ? { ...options, cursor } : options);
      yield* page.lines;
      cursor = page.nextCursor;
    }
  }

  /** One page, newest period first. */
  async bills(
    accountId: string,
    options: BillsOptions & { readonly cursor?: string } = {},
  ): Promise<answers.BillsPage> {
    const { limit, cursor } = options;
    return this.#lookUp({ accountId, path: `/bills${query({ limit, cursor })}`, shape: answers.billsPage }, options);
  }

  async bill(accountId: string, billId: string, options: CallOptions = {}): Promise<answers.Bill> {
    const path = `/bills/${segment('billId', billId)}`;
    return this.#lookUp({ accountId, path, shape: answers.bill, revalidates: true }, options);
  }

  /** `period`: a month, such as 2026-10. */
  async billPreview(accountId: string, period: string, options: CallOptions = {}): Promise<answers.BillPreview> {
    return this.#lookUp({ accountId, path: `/bills/preview${query({ period })}`, shape: answers.billPreview }, options);
  }

  async payment(accountId: string, paymentId: string, options: CallOptions = {}): Promise<answers.Payment> {
    const path = `/payments/${segment('paymentId', paymentId)}`;
    return this.#lookUp({ accountId, path, shape: answers.payment }, options);
  }

  async #lookUp<T>({ accountId, path, shape, revalidates }: Lookup<T>, { signal }: CallOptions): Promise<T> {
    const fullPath = accountPath(accountId) + path;
    return this.#call({ signal }, (region) => {
      const kept = revalidates && this.#kept.get(fullPath);
      const after = this.#ownWrites.after(accountId, region.url);
      const headers = {
        ...(after === undefined ? {} : { 'baseload-after': after }),
        ...(kept === undefined ? {} : { 'if-none-match': kept.etag }),
      };
      const sentMs = this.#settings.clock.nowMs();
      return {
        request: { method: 'GET', path: fullPath, headers },
        accept: ({ status, headers: answered, body }) => {
          const value = status === 304 && kept ? (kept.value as T) : shape.read(bodyOf(status, 200, body), 'answer');
          requireOwn(value, accountId);
          const etag = answered.get('etag');
          if (revalidates && etag !== null) this.#kept.keep(fullPath, { etag, value });
          this.#ownWrites.seen(accountId, region.url, sentMs, Number(answered.get('baseload-staleness-ms') ?? 0));
          return value;
        },
      };
    });
  }

  async #call<T>(
    { idempotencyKey, signal }: Pick<Plan<T>, 'idempotencyKey' | 'signal'>,
    toSend: (region: Region) => { readonly request: Request; readonly accept: (answer: Answer) => T },
  ): Promise<T> {
    const { fetch, clock, deadlineMs } = this.#settings;
    const deadlineAtMs = clock.nowMs() + deadlineMs;
    const token = await firstOf([this.#settings.token()], clock, { atMs: deadlineAtMs, signal });
    if (token.kind === 'cancelled') throw token.reason;
    if (token.kind === 'time-up')
      throw new Unavailable([], idempotencyKey, new Error('the token did not come in time'));
    const context = { ...this.#settings, regions: this.#regions, hedges: this.#hedges };
    return new Call<T>(context, {
      idempotencyKey,
      signal,
      deadlineAtMs,
      send: (region, abort) => {
        const { request, accept } = toSend(region);
        const headers = { ...request.headers, accept: 'application/json', authorization: `Bearer ${token.value}` };
        return exchange(fetch, region.url, { ...request, headers }, accept, abort);
      },
    }).answer();
  }
}

const accountPath = (accountId: string): string => `/v1/accounts/${segment('accountId', accountId)}`;

const bodyOf = (status: number, expected: number, body: unknown): unknown => {
  if (status === expected) return body;
  throw new UnexpectedAnswer(`its status is ${status}, not ${expected}`);
};

/** Whoever it was meant for: a payer must never be shown another's account. */
const requireOwn = (value: unknown, accountId: string): void => {
  const { accountId: told = accountId } = value as { readonly accountId?: unknown };
  if (told !== accountId) throw new UnexpectedAnswer('it tells of another account');
};

/** An acknowledgment of another payment than the one sent is none. */
const acceptedPayment = (
  { status, body }: Answer,
  accountId: string,
  { amountMinor, currency }: PaymentRequest,
): answers.AcceptedPayment => {
  const accepted = answers.acceptedPayment.read(bodyOf(status, 201, body), 'answer');
  const isOurs =
    accepted.accountId === accountId && accepted.amountMinor === amountMinor && accepted.currency === currency;
  if (isOurs) return accepted;
  throw new UnexpectedAnswer('it acknowledges another payment');
};

const isReplay = ({ headers }: Answer): boolean => headers.get('idempotent-replayed') === 'true';

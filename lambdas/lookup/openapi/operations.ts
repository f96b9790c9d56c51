// Owns what the document says of each route: requests, answers and refusals, from the very schemas the handlers use.
// Leaves to document.ts how it is written as OpenAPI, and to names.ts which routes there are and which scopes they need.
import type * as z from 'zod';
import type { ProblemSlug } from '../../shared/http/problem.ts';
import type { RouteKey } from '../../shared/names.ts';
import * as answers from '../../shared/schemas/answers.ts';
import { postPaymentRequest } from '../../shared/schemas/payment-request.ts';
import * as queries from '../../shared/schemas/queries.ts';
import * as readings from '../../shared/schemas/readings.ts';
import * as requests from '../../shared/schemas/requests.ts';

export interface Named {
  /** Under `components.schemas`. */
  readonly name: string;
  readonly schema: z.ZodType;
}

export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly request?: Named & { readonly example: object };
  /** Needs an `Idempotency-Key`, and may answer with `Idempotent-Replayed`. */
  readonly keyed?: true;
  /** Takes `Baseload-After` and says how stale it is. */
  readonly lookup?: true;
  readonly etag?: true;
  /** Per status. */
  readonly answers: Readonly<Record<number, Named & { readonly when: string }>>;
  /** Besides those that every route on an account has. */
  readonly refusals: readonly ProblemSlug[];
}

const named = (name: string, schema: z.ZodType, when: string) => ({ name, schema, when });
const opened = (when: string) => named('OpenedAccount', answers.openedAccount, when);
const health = (when: string) => named('Health', answers.healthAnswer, when);
const WRITE: readonly ProblemSlug[] = [
  'body-too-large',
  'unsupported-media-type',
  'not-attempted',
  'outcome-unknown',
  'clock-skew',
];
const KEYED: readonly ProblemSlug[] = [...WRITE, 'idempotency-key-reuse'];
const LOOKUP: readonly ProblemSlug[] = ['not-yet-visible', 'view-unavailable', 'too-many-requests'];
/** 12 months of 24 hours, all at the price of period 0. */
const ONE_PRICE: readonly (readonly number[])[] = Array.from({ length: 12 }, () => Array<number>(24).fill(0));
/** What a bill from usage can lack. */
const FROM_USAGE: readonly ProblemSlug[] = ['tariff-missing', 'tariff-currency'];
const POSITION = 'MXx1c18xMDAxfHAjcGF5X2FhfDAwMA';

export const OPERATIONS: Readonly<Record<Exclude<RouteKey, 'GET /openapi.json'>, Operation>> = {
  'POST /v1/accounts': {
    id: 'openAccount',
    summary: 'Opens an account; the same body again changes nothing',
    request: {
      name: 'OpenAccount',
      schema: requests.openAccountRequest,
      example: { accountId: 'us_1001', name: 'A. Payer', currency: 'USD', timeZone: 'America/New_York' },
    },
    answers: { 200: opened('It was open with these particulars'), 201: opened('Opened') },
    refusals: [...WRITE, 'account-exists'],
  },
  'GET /v1/accounts/{accountId}': {
    id: 'getAccount',
    summary: 'What the payer owes and by when',
    lookup: true,
    answers: { 200: named('Account', answers.accountAnswer, 'The account now') },
    refusals: LOOKUP,
  },
  'PUT /v1/accounts/{accountId}/contact': {
    id: 'putContact',
    summary: 'Where the payer gets notices by mail; null erases the address',
    request: {
      name: 'PutContact',
      schema: requests.putContactRequest,
      example: { email: 'payer@example.com' },
    },
    answers: { 200: named('Contact', answers.contactAnswer, 'Stored, or erased') },
    refusals: ['body-too-large', 'unsupported-media-type', 'not-attempted'],
  },
  'GET /v1/accounts/{accountId}/balance': {
    id: 'getBalance',
    summary: 'The balance as of an instant, that instant included',
    query: queries.balanceQuery,
    lookup: true,
    answers: { 200: named('Balance', answers.balanceAnswer, 'The balance then') },
    refusals: LOOKUP,
  },
  'GET /v1/accounts/{accountId}/statement': {
    id: 'getStatement',
    summary: 'Everything that moved the balance, oldest first; from inclusive, to exclusive',
    query: queries.statementQuery,
    lookup: true,
    answers: { 200: named('Statement', answers.statementAnswer, 'A page') },
    refusals: LOOKUP,
  },
  'GET /v1/accounts/{accountId}/bills': {
    id: 'listBills',
    summary: 'Bills, newest period first',
    query: queries.billsQuery,
    lookup: true,
    answers: { 200: named('Bills', answers.billsAnswer, 'A page') },
    refusals: LOOKUP,
  },
  'GET /v1/accounts/{accountId}/bills/{billId}': {
    id: 'getBill',
    summary: 'A bill: the document never changes, its status does',
    lookup: true,
    etag: true,
    answers: { 200: named('Bill', answers.billAnswer, 'The bill') },
    refusals: [...LOOKUP, 'bill-not-found'],
  },
  'POST /v1/accounts/{accountId}/bills': {
    id: 'issueBill',
    summary: 'Issues the bill of a period, over the lines given or, without any, over usage and tariff',
    keyed: true,
    request: {
      name: 'IssueBill',
      schema: requests.issueBillRequest,
      example: {
        period: '2026-10',
        dueDate: '2026-11-15',
        lines: [
          { description: 'Energy, 412 kWh', amountMinor: 5150 },
          { description: 'Credit for an outage', amountMinor: -400 },
        ],
      },
    },
    answers: { 201: named('IssuedBill', answers.issuedBill, 'Issued') },
    refusals: [...KEYED, ...FROM_USAGE, 'usage-missing', 'bill-exists', 'stream-full'],
  },
  'GET /v1/accounts/{accountId}/bills/preview': {
    id: 'previewBill',
    summary: 'The bill of a period as it would be issued now',
    query: queries.previewQuery,
    answers: { 200: named('BillPreview', answers.previewAnswer, 'As it would be issued; `missing`: it would not be') },
    refusals: ['not-yet-visible', 'not-attempted', 'too-many-requests', ...FROM_USAGE],
  },
  'POST /v1/accounts/{accountId}/bills/{billId}/rebills': {
    id: 'rebill',
    summary: 'Credits a bill and issues its next revision over the usage as it is known now, both or neither',
    keyed: true,
    request: { name: 'Rebill', schema: requests.rebillRequest, example: { reason: 'readings were corrected' } },
    answers: { 201: named('ReissuedBill', answers.reissuedBill, 'Credited and issued anew') },
    refusals: [...KEYED, ...FROM_USAGE, 'usage-missing', 'bill-not-found', 'already-reversed', 'stream-full'],
  },
  'PUT /v1/tariffs/{tariffId}': {
    id: 'putTariff',
    summary: 'An OpenEI URDB rate object; what URDB lacks is under `baseload`. Another `startdate` is another version',
    request: {
      name: 'PutTariff',
      schema: requests.putTariffRequest,
      example: {
        name: 'Tariff 11',
        energyratestructure: [[{ rate: 0.2461, unit: 'kWh' }]],
        energyweekdayschedule: ONE_PRICE,
        energyweekendschedule: ONE_PRICE,
        fixedchargefirstmeter: 0.89572,
        fixedchargeunits: '$/day',
        baseload: { currency: 'AUD', taxes: [{ name: 'GST', rate: 0.1 }] },
      },
    },
    answers: { 200: named('Tariff', answers.tariffAnswer, 'Stored') },
    refusals: ['body-too-large', 'unsupported-media-type', 'not-attempted', 'catalog-full'],
  },
  'PUT /v1/accounts/{accountId}/meters/{meterId}': {
    id: 'putMeter',
    summary: 'Gives a meter of the account a tariff from a day on; earlier days keep theirs',
    request: {
      name: 'PutMeter',
      schema: requests.putMeterRequest,
      example: { tariffId: 'tariff-11', from: '2026-10-01' },
    },
    answers: { 200: named('Meter', answers.meterAnswer, 'Stored') },
    refusals: [
      'body-too-large',
      'unsupported-media-type',
      'not-attempted',
      'tariff-not-found',
      'tariff-currency',
      'meter-taken',
      'catalog-full',
    ],
  },
  'POST /v1/accounts/{accountId}/payments': {
    id: 'postPayment',
    summary: 'Accepts a payment, once per Idempotency-Key however often it is sent and to whichever Region',
    keyed: true,
    request: {
      name: 'PostPayment',
      schema: postPaymentRequest,
      example: { amountMinor: 4250, currency: 'USD', method: 'card_on_file' },
    },
    answers: { 201: named('AcceptedPayment', answers.acceptedPayment, 'Accepted, and held by two Regions') },
    refusals: [...KEYED, 'too-many-requests'],
  },
  'GET /v1/accounts/{accountId}/payments/{paymentId}': {
    id: 'getPayment',
    summary: 'What has become of a payment',
    lookup: true,
    answers: { 200: named('Payment', answers.paymentAnswer, 'The payment') },
    refusals: [...LOOKUP, 'payment-not-found'],
  },
  'POST /v1/accounts/{accountId}/payments/{paymentId}/refunds': {
    id: 'refundPayment',
    summary: 'Refunds a payment, in part or whole',
    keyed: true,
    request: {
      name: 'RefundPayment',
      schema: requests.refundPaymentRequest,
      example: { amountMinor: 1000, reason: 'paid twice' },
    },
    answers: { 201: named('AcceptedRefund', answers.acceptedRefund, 'Accepted') },
    refusals: [...KEYED, 'payment-not-found', 'refund-exceeds-payment', 'already-reversed', 'stream-full'],
  },
  'POST /v1/accounts/{accountId}/adjustments': {
    id: 'adjustAccount',
    summary: 'Adds to what the payer owes, or takes from it',
    keyed: true,
    request: {
      name: 'AdjustAccount',
      schema: requests.adjustAccountRequest,
      example: { amountMinor: -1500, reason: 'goodwill' },
    },
    answers: { 201: named('AcceptedAdjustment', answers.acceptedAdjustment, 'Accepted') },
    refusals: KEYED,
  },
  'POST /v1/accounts/{accountId}/reversals': {
    id: 'reverseFact',
    summary: 'Undoes what is left of the effect of the fact at a position',
    keyed: true,
    request: {
      name: 'ReverseFact',
      schema: requests.reverseFactRequest,
      example: { position: POSITION, reason: 'booked on the wrong account' },
    },
    answers: { 201: named('AcceptedReversal', answers.acceptedReversal, 'Accepted') },
    refusals: [...KEYED, 'position-not-found', 'already-reversed', 'not-reversible', 'stream-full'],
  },
  'POST /v1/readings': {
    id: 'postReadings',
    summary:
      'Meter readings as JSON, as `text/csv` (NEM12) or as `application/xml` (Green Button); the same again change nothing',
    query: readings.readingsQuery,
    request: {
      name: 'PostReadings',
      schema: readings.readingsRequest,
      example: {
        readings: [
          { meterId: 'm1', start: '2026-10-01T00:00:00-04:00', durationSeconds: 3600, wh: 412.5, quality: 'actual' },
        ],
      },
    },
    answers: { 202: named('AcceptedReadings', readings.acceptedReadings, 'Durable, on their way to be stored') },
    refusals: ['body-too-large', 'unsupported-media-type', 'account-not-found', 'not-attempted', 'outcome-unknown'],
  },
  'GET /v1/readings/{batchId}': {
    id: 'getReadings',
    summary: 'Whether readings that were accepted are stored',
    answers: { 200: named('ReadingsBatch', readings.batchAnswer, 'How far the batch is') },
    refusals: ['batch-not-found', 'not-attempted'],
  },
  'GET /health': {
    id: 'getHealth',
    summary: 'Whether this Region can do its job; Route 53 asks',
    answers: { 200: health('It can'), 503: health('It must not get traffic') },
    refusals: [],
  },
  'GET /evacuated/{region}': {
    id: 'getEvacuated',
    summary: 'Found only while this Region holds that peer to be evacuated; Route 53 asks',
    answers: { 200: named('Evacuated', answers.evacuatedAnswer, 'It does') },
    refusals: ['region-not-evacuated'],
  },
};

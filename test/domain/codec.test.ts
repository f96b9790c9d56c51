// Owns the proof that a stored fact is read as it was written, or not at all.
// Leaves keys and attributes of the items to test/contract.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, sha256 } from '../../lambdas/domain/canonical.ts';
import { decodeFact, encodeFact, MalformedFact } from '../../lambdas/domain/codec.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { account, adjust, creditBill, decline, issueBill, pay, refund, reverse, streamOf } from './commands.ts';
import { history } from './histories.ts';
import { failRefund, settle, settleRefund, startCharge, startRefund } from './settling.ts';

const PAYMENT = streamOf(pay(100n), refund(30n), reverse(1), decline());
const SETTLED = streamOf(
  pay(100n),
  startCharge(100n),
  settle(),
  refund(30n),
  startRefund(3),
  settleRefund(3),
  refund(20n, { key: 'second' }),
  startRefund(6),
  failRefund(6),
);
const BILL = streamOf(issueBill('2026-10', [5_000n, -750n]), creditBill('bill_2026-10_r1'));
const ADJUSTMENT = streamOf(adjust(-250n), reverse(0));
const ONE_OF_EACH: readonly Fact[] = [account, ...BILL, ...PAYMENT, ...SETTLED, ...ADJUSTMENT];
const accepted = PAYMENT[0] as Fact;

/** As another writer might have stored it, its checksum made honestly. */
const stored = (fields: object) => {
  const body = canonicalJson(fields);
  return { body, sum: sha256(body) };
};
const malformed = (message: string) => new MalformedFact(message);

describe('a fact that was encoded', () => {
  test.each(ONE_OF_EACH.map((fact): [string, Fact] => [fact.type, fact]))('%s is decoded to itself', (_, fact) => {
    expect(decodeFact(encodeFact(fact))).toEqual(fact);
  });

  test('is itself in any valid history', () => {
    fc.assert(
      fc.property(history, (facts) => {
        for (const fact of facts) expect(decodeFact(encodeFact(fact))).toEqual(fact);
      }),
    );
  });

  test('is at most 1 KB for a usual payment', () => {
    const { body, sum } = encodeFact(accepted);
    expect(Buffer.byteLength(body) + sum.length).toBeLessThanOrEqual(1024);
  });

  test('has the same text whatever the order of its fields', () => {
    const backwards = Object.fromEntries(Object.entries(accepted).reverse()) as unknown as Fact;
    expect(encodeFact(backwards)).toEqual(encodeFact(accepted));
  });
});

describe('a fact that was damaged', () => {
  const encoded = ONE_OF_EACH.map(encodeFact);
  const which = fc.constantFrom(...encoded);
  const flip = fc.integer({ min: 1, max: 127 });
  const flipped = (text: string, at: number, mask: number): string => {
    const bytes = Buffer.from(text, 'utf8');
    const index = at % bytes.length;
    bytes[index] = (bytes[index] as number) ^ mask;
    return bytes.toString('utf8');
  };
  const message = malformed('its checksum does not match its body');

  test('in any byte of its body is not read', () => {
    fc.assert(
      fc.property(which, fc.nat(), flip, ({ body, sum }, at, mask) => {
        expect(() => decodeFact({ body: flipped(body, at, mask), sum })).toThrow(message);
      }),
      { numRuns: 300 },
    );
  });

  test('in any byte of its checksum is not read', () => {
    fc.assert(
      fc.property(which, fc.nat(), flip, ({ body, sum }, at, mask) => {
        expect(() => decodeFact({ body, sum: flipped(sum, at, mask) })).toThrow(message);
      }),
      { numRuns: 300 },
    );
  });

  test('is an error by name', () => {
    expect(malformed('').name).toBe('MalformedFact');
  });
});

describe('a text with an honest checksum that is no fact', () => {
  test.each(['', 'null', '[]', '7', '{"a":', '"text"'])('%j is no JSON object', (body) => {
    expect(() => decodeFact({ body, sum: sha256(body) })).toThrow(malformed('its body is no JSON object'));
  });

  test.each([
    [2, 'schema version 2 is unknown'],
    ['1', 'schema version "1" is unknown'],
    [undefined, 'schema version undefined is unknown'],
  ])('schema version %j', (schemaVersion, message) => {
    expect(() => decodeFact(stored({ ...accepted, schemaVersion }))).toThrow(malformed(message));
  });

  test.each([
    ['PaymentVanished', 'fact type "PaymentVanished" is unknown'],
    ['constructor', 'fact type "constructor" is unknown'],
    [undefined, 'fact type undefined is unknown'],
  ])('type %j', (type, message) => {
    expect(() => decodeFact(stored({ ...accepted, type }))).toThrow(malformed(message));
  });

  test('with a field more', () => {
    expect(() => decodeFact(stored({ ...accepted, note: 'hello' }))).toThrow(
      malformed('field note is missing, unknown or malformed'),
    );
  });

  test.each(
    ONE_OF_EACH.flatMap((fact) =>
      Object.keys(fact)
        .filter((field) => field !== 'schemaVersion' && field !== 'type')
        .map((field): [string, string, Fact] => [fact.type, field, fact]),
    ),
  )('a %s without %s', (_, field, fact) => {
    expect(() => decodeFact(stored({ ...fact, [field]: undefined }))).toThrow(
      malformed(`field ${field} is missing, unknown or malformed`),
    );
  });

  test.each([
    ['accountId', 'US_1'],
    ['stream', 'p#pay_x'],
    ['ordinal', 1000],
    ['ordinal', -1],
    ['ordinal', 0.5],
    ['region', 'Virginia'],
    ['occurredAtMs', -1],
    ['occurredAtMs', 1.5],
    ['occurredAtMs', '1792065600000'],
    ['commandId', 'short'],
    ['fingerprint', 'v1:short'],
    ['currency', 'usd'],
    ['postings', {}],
    ['postings', [{ ledgerAccount: 'pocket', amountMinor: 0 }]],
    ['postings', [{ ledgerAccount: 'receivable', amountMinor: '1' }]],
    ['postings', [{ ledgerAccount: 'receivable', amountMinor: 0, memo: '' }]],
    ['postings', [null]],
    ['paymentId', 'pay_'],
    ['amountMinor', '100'],
    ['amountMinor', 1.5],
    ['amountMinor', 9_007_199_254_740_992],
    ['method', ''],
  ])('%s: %j', (field, value) => {
    expect(() => decodeFact(stored({ ...accepted, [field]: value }))).toThrow(
      malformed(`field ${field} is missing, unknown or malformed`),
    );
  });

  test('postings that do not sum to zero', () => {
    const postings = [
      { ledgerAccount: 'receivable', amountMinor: -100n },
      { ledgerAccount: 'payments-clearing', amountMinor: 99n },
    ];
    expect(() => decodeFact(stored({ ...accepted, postings }))).toThrow(malformed('its postings do not sum to zero'));
  });

  // What each fact states is 1 off what its postings do.
  test.each([
    ['BillIssued', BILL[0], 'totalMinor'],
    ['CreditNoteIssued', BILL[1], 'totalMinor'],
    ['PaymentAccepted', PAYMENT[0], 'amountMinor'],
    ['PaymentRefunded', PAYMENT[1], 'amountMinor'],
    ['FactReversed', PAYMENT[2], 'effectMinor'],
    ['PaymentDeclined', PAYMENT[3], 'undoneMinor'],
    ['AccountAdjusted', ADJUSTMENT[0], 'amountMinor'],
  ])('a %s that states another effect than its postings have', (type, fact, field) => {
    expect(fact?.type).toBe(type);
    const fields = fact as unknown as Readonly<Record<string, bigint>>;
    expect(() => decodeFact(stored({ ...fact, [field]: (fields[field] as bigint) + 1n }))).toThrow(
      malformed('its postings do not have the effect that it states'),
    );
  });

  test('an opening that moves money', () => {
    const postings = [
      { ledgerAccount: 'receivable', amountMinor: 5n },
      { ledgerAccount: 'revenue', amountMinor: -5n },
    ];
    expect(() => decodeFact(stored({ ...account, postings }))).toThrow(
      malformed('its postings do not have the effect that it states'),
    );
  });

  test('a payment in the stream of another one', () => {
    const stream = `p#pay_${'a'.repeat(52)}`;
    expect(() => decodeFact(stored({ ...accepted, stream }))).toThrow(
      malformed(`a PaymentAccepted such as this does not belong to stream ${stream}`),
    );
  });
});

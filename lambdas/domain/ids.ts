// Owns the identifiers of the ledger: what they look like, how they are checked, how commands are named without client text.
// Leaves to keys.ts how they become the keys of an item.
import { createHash } from 'node:crypto';
import type { Brand } from './brand.ts';

/** `<jurisdiction>_<local part>`, `^[a-z]{2}_[A-Za-z0-9_-]{1,60}$`. */
export type AccountId = Brand<string, 'AccountId'>;
/** `pay_` + base32 of SHA-256 over the length-prefixed (jurisdiction, account, operation path, idempotency key). */
export type PaymentId = Brand<string, 'PaymentId'>;
/** `adj_` + the same digest as a payment's, over the adjustment's own path and key. */
export type AdjustmentId = Brand<string, 'AdjustmentId'>;
/** `bill_<period>_r<revision>`, such as `bill_2026-10_r1`. */
export type BillId = Brand<string, 'BillId'>;
/** A billing period, `YYYY-MM`. */
export type Period = Brand<string, 'Period'>;
/** A calendar date, `YYYY-MM-DD`. */
export type IsoDate = Brand<string, 'IsoDate'>;
/** The digest that stands for (jurisdiction, account, operation path, idempotency key): no client text in the ledger's keys. */
export type CommandId = Brand<string, 'CommandId'>;
/** `v<version>:<base64url SHA-256>` of the fields the client sent; compared under the version stored with the fact. */
export type Fingerprint = Brand<string, 'Fingerprint'>;

/**
 * A tariff or a meter: a NEM12 NMI, a Green Button usage point, or what a client calls it. Both become part of a key.
 * The one place of its pattern.
 */
export const CATALOG_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const CATALOG_ID_RULE = 'must be 1 to 64 of A-Z a-z 0-9 . _ -';

const matching =
  <T extends string>(pattern: RegExp) =>
  (text: string): T | undefined =>
    pattern.test(text) ? (text as T) : undefined;

// Each returns undefined for text of another form.
export const accountId = matching<AccountId>(/^[a-z]{2}_[A-Za-z0-9_-]{1,60}$/);
export const period = matching<Period>(/^\d{4}-(?:0[1-9]|1[0-2])$/);
export const paymentId = matching<PaymentId>(/^pay_[a-z2-7]{52}$/);
export const adjustmentId = matching<AdjustmentId>(/^adj_[a-z2-7]{52}$/);

export const jurisdictionOf = (id: AccountId): string => id.slice(0, 2);

/** Undefined unless the date is in the calendar: `2026-02-30` is not. */
export const isoDate = (text: string): IsoDate | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const atMs = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text) ? (text as IsoDate) : undefined;
};

export const billId = (ofPeriod: Period, revision: number): BillId => `bill_${ofPeriod}_r${revision}` as BillId;

export const parseBillId = (text: string): { readonly period: Period; readonly revision: number } | undefined => {
  const [, ofPeriod = '', revision] = /^bill_(\d{4}-\d{2})_r([1-9]\d{0,2})$/.exec(text) ?? [];
  const parsed = period(ofPeriod);
  return parsed === undefined ? undefined : { period: parsed, revision: Number(revision) };
};

export interface CommandName {
  readonly jurisdiction: string;
  readonly accountId: AccountId;
  /** The concrete path the client called, such as `/v1/accounts/us_a/payments`. */
  readonly path: string;
  readonly idempotencyKey: string;
}

/** Each part carries its length, so no separator inside one can make two names equal. */
export const commandId = ({ jurisdiction, accountId: account, path, idempotencyKey }: CommandName): CommandId => {
  const parts = [jurisdiction, account, path, idempotencyKey].map((part) => `${Buffer.byteLength(part)}:${part}`);
  return base32(createHash('sha256').update(parts.join('')).digest()) as CommandId;
};

export const paymentIdOf = (command: CommandId): PaymentId => `pay_${command}` as PaymentId;
export const adjustmentIdOf = (command: CommandId): AdjustmentId => `adj_${command}` as AdjustmentId;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648 base32, lower case, without padding. */
const base32 = (bytes: Uint8Array): string => {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
  }
  return bits === 0 ? text : text + ALPHABET[(value << (5 - bits)) & 31];
};

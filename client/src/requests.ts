// Owns what must be right before anything is sent: what a path, a header or JSON would silently change.
// Leaves everything else to the server, whose rules may change.

export interface PaymentRequest {
  /** In the currency's minor unit: 4250 is 42.50 USD. */
  readonly amountMinor: number;
  /** ISO 4217, the account's own. */
  readonly currency: string;
  /** A token of the payer's means of payment, such as `card_on_file`; never a card number. */
  readonly method: string;
}

/** Beyond 2^53 - 1 JSON would carry another amount. */
export const paymentBody = ({ amountMinor, currency, method }: PaymentRequest): string => {
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1) {
    throw new TypeError(`amountMinor must be a positive whole number of minor units, got ${amountMinor}`);
  }
  return JSON.stringify({ amountMinor, currency, method });
};

export const checkedKey = (idempotencyKey: string): string => {
  if (/^[!-~]{1,255}$/.test(idempotencyKey)) return idempotencyKey;
  throw new TypeError('idempotencyKey must be 1 to 255 visible ASCII characters');
};

/** In a path `..` and `/` would name something else. */
export const segment = (name: string, id: string): string => {
  if (/^[\w-]{1,128}$/.test(id)) return id;
  throw new TypeError(`${name} must be 1 to 128 of A-Z a-z 0-9 _ -`);
};

export type Instant = string | Date;

/** Leaves out what is undefined. */
export const query = (parameters: Readonly<Record<string, Instant | number | undefined>>): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) search.set(name, value instanceof Date ? value.toISOString() : String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
};

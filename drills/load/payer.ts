// Owns what a payer of a drill is: somebody with a payment and one way to send it.
// Leaves the ways to dns-payer.ts and library-payer.ts, and to open-load.ts who pays when.

export const PAYER_KINDS = ['dns', 'dns-kept', 'library'] as const;
/**
 * `dns`: a connection for every request, to where DNS leads. `dns-kept`: a connection kept for as long as it is good, DNS asked for a
 * new one only. `library`: the client of this repository, which knows both Regions.
 */
export type PayerKind = (typeof PAYER_KINDS)[number];

export const PAYER_TITLES: Readonly<Record<PayerKind, string>> = {
  dns: 'DNS',
  'dns-kept': 'DNS, kept connections',
  library: 'client library',
};

export interface Payment {
  readonly accountId: string;
  readonly idempotencyKey: string;
  readonly amountMinor: number;
}

export interface Receipt {
  readonly paymentId: string;
  readonly position: string;
}

export type Sending =
  | { readonly kind: 'acknowledged'; readonly receipt: Receipt }
  /** `what` is an HTTP status, a problem's type or an error's code. */
  | { readonly kind: 'refused'; readonly what: string };

/** One payer's program: whatever it keeps (names, connections, a client) is its own. */
export interface Payer {
  /** Never rejects. */
  send(payment: Payment): Promise<Sending>;
  close(): void;
}

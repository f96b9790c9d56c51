// Owns where the ledger keeps a payment, for who looks past every handler: written down anew from docs/decisions, D2, since the code
// under test would be wrong on both sides at once.

/** In which all its facts are. */
export const paymentStream = (paymentId: string): string => `p#${paymentId}`;

/** The sort key of its acceptance, which is its first fact. */
export const acceptanceKey = (paymentId: string): string => `${paymentStream(paymentId)}#000`;

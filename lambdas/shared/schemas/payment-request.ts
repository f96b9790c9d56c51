// Owns the body of `POST /v1/accounts/{accountId}/payments`, alone in its file: the payments function makes no other schema.
// Leaves to money-fields.ts the fields.
import * as z from 'zod';
import { currency, paymentMethod, positiveAmountMinor } from './money-fields.ts';

export const postPaymentRequest = z.strictObject({
  amountMinor: positiveAmountMinor,
  currency,
  method: paymentMethod,
});

export type PaymentRequest = z.output<typeof postPaymentRequest>;

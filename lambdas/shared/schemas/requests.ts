// Owns the bodies of the API's requests, each strict: a field it does not know is refused.
// Leaves to payment-request.ts that of a payment, to fields.ts the fields, and to validation.ts what a refusal says.
import * as z from 'zod';
import { calendarDate, dueDate, period } from './date-fields.ts';
import {
  accountId,
  accountName,
  catalogId,
  emailAddress,
  lineDescription,
  position,
  reason,
  timeZone,
} from './fields.ts';
import { currency, positiveAmountMinor, signedAmountMinor } from './money-fields.ts';

/** `POST /v1/accounts` */
export const openAccountRequest = z.strictObject({ accountId, name: accountName, currency, timeZone });

/** `PUT /v1/accounts/{accountId}/contact` */
export const putContactRequest = z.strictObject({ email: emailAddress.nullable() });

/** `POST /v1/accounts/{accountId}/bills` */
export const issueBillRequest = z.strictObject({
  period,
  dueDate,
  lines: z
    .array(z.strictObject({ description: lineDescription, amountMinor: signedAmountMinor }))
    .min(1, 'must have at least 1 line')
    .max(100, 'must have at most 100 lines')
    .refine((lines) => lines.reduce((sum, line) => sum + line.amountMinor, 0n) >= 0n, {
      error: 'must not sum to less than 0',
      // Wrong lines have no amounts to add up.
      when: ({ issues }) => issues.length === 0,
    })
    .optional(),
});

/** `POST /v1/accounts/{accountId}/bills/{billId}/rebills` */
export const rebillRequest = z.strictObject({ reason });

/** `PUT /v1/accounts/{accountId}/meters/{meterId}` */
export const putMeterRequest = z.strictObject({ tariffId: catalogId, from: calendarDate });

/** `PUT /v1/tariffs/{tariffId}`: what the rating makes of it is checked by the rating itself. */
export const putTariffRequest = z.looseObject({});

/** `POST /v1/accounts/{accountId}/payments/{paymentId}/refunds` */
export const refundPaymentRequest = z.strictObject({ amountMinor: positiveAmountMinor, reason });

/** `POST /v1/accounts/{accountId}/adjustments` */
export const adjustAccountRequest = z.strictObject({ amountMinor: signedAmountMinor, reason });

/** `POST /v1/accounts/{accountId}/reversals` */
export const reverseFactRequest = z.strictObject({ position, reason });

// Owns how a refusal of the domain is told over HTTP.
// Leaves to domain/decision.ts which refusals there are, to problem.ts their status.
import type { Rejection } from '../../domain/decision.ts';
import { invalidRequest, Refusal } from './problem.ts';

export const refusalOf = ({ reason, detail }: Rejection): Refusal => {
  switch (reason) {
    case 'clock-behind':
      return new Refusal('clock-skew', detail);
    case 'currency-mismatch':
      return invalidRequest([{ field: 'currency', message: detail }]);
    default:
      return new Refusal(reason, detail);
  }
};

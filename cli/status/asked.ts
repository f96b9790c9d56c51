// Owns an answer that may not have come: what was asked is known, or it is not and there is a reason.
import { oneLine } from '../failures.ts';

export type Asked<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'unknown'; readonly why: string };

/** Never rejects. */
export const asked = async <T>(asking: Promise<T>): Promise<Asked<T>> => {
  try {
    return { kind: 'known', value: await asking };
  } catch (cause) {
    return { kind: 'unknown', why: oneLine(cause) };
  }
};

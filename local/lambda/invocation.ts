// Owns what an invocation can come to, in Lambda's own terms.

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type InvocationResult =
  /** `payload` is the JSON of what the handler returned. */
  | { readonly kind: 'returned'; readonly requestId: string; readonly payload: string }
  /** The handler threw, timed out, crashed, ran out of memory or could not be loaded: Lambda's `FunctionError: Unhandled`. */
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: FunctionError }
  /** 429 TooManyRequestsException: the function's concurrency is used up. */
  | { readonly kind: 'throttled' };

/** Lambda's limit for a synchronous request and for its answer, bytes. */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

// Owns what is known of each attempt the SDK makes of a request, so that `not-attempted` is only said when it is true.
// Leaves to refusals.ts what a single failure means.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { WriteOutcome } from '../../ports/event-log.ts';
import { judge, type Reason, type Verdict } from './refusals.ts';

/** What is known while an attempt is under way: the deadline may end it there. */
const UNDER_WAY: Verdict = { certainty: 'unknown', reason: 'timeout' };
/** What is known of a request of which no attempt left: credentials or signing failed, or the deadline had passed. */
const NOT_SENT: Verdict = { certainty: 'refused', reason: 'refused' };

/** All attempts of one request, in order. */
export class Attempts {
  readonly #verdicts: Verdict[] = [];
  /** The `Date` header of the last answer that was not an error, as sent. */
  lastDate: string | undefined;

  /** @param signal ends them */
  constructor(readonly signal: AbortSignal) {}

  begin(): void {
    this.#verdicts.push(UNDER_WAY);
  }
  failed(error: unknown): void {
    this.#verdicts[this.#verdicts.length - 1] = judge(error);
  }

  get count(): number {
    return this.#verdicts.length;
  }
  /** `not-attempted` only if every attempt was surely refused. */
  get outcome(): WriteOutcome {
    return this.#verdicts.some(({ certainty }) => certainty === 'unknown') ? 'outcome-unknown' : 'not-attempted';
  }
  /** Why it failed: what made it unknown, else what refused it last. */
  get reason(): Reason {
    const unknown = this.#verdicts.findLast(({ certainty }) => certainty === 'unknown');
    return (unknown ?? this.#verdicts.at(-1) ?? NOT_SENT).reason;
  }
  /**
   * An attempt may have been carried out, or was in conflict: an item equal to ours can be our own. Without such an attempt an
   * equal item is somebody else's, who sent the same command in the same millisecond.
   */
  get mayHaveWritten(): boolean {
    return this.#verdicts.some(({ certainty, reason }) => certainty === 'unknown' || reason === 'conflict');
  }
}

/** By the input of the request, and by the HTTP request of each attempt. */
const watched = new WeakMap<object, Attempts>();

/** Follows the attempts of the request made with exactly this `input` object, on a client that `observeAttempts` has seen. */
export const watch = (input: object, signal: AbortSignal): Attempts => {
  const attempts = new Attempts(signal);
  watched.set(input, attempts);
  return attempts;
};

const dateOf = (response: unknown): string | undefined =>
  (response as { headers?: Record<string, string> } | undefined)?.headers?.date;

/**
 * Adds the observer to a client, whose request handler must be its own, and gives it back. It stands in the SDK's `deserialize` step, outside of the
 * deserializer: inside of the retries and of signing, so it sees each attempt that is sent, with the exception as DynamoDB named it.
 * The signal of the request goes to the handler from here, and not with the options of `send`: with options the SDK would put its
 * middleware together anew for every request.
 */
export const observeAttempts = (client: DynamoDBClient): DynamoDBClient => {
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request, options) =>
    handle(request, { ...options, abortSignal: watched.get(request)?.signal });
  client.middlewareStack.add(
    (next) => async (args) => {
      const attempts = watched.get(args.input);
      attempts?.begin();
      if (attempts) watched.set(args.request as object, attempts);
      try {
        const result = await next(args);
        if (attempts) attempts.lastDate = dateOf(result.response);
        return result;
      } catch (error) {
        attempts?.failed(error);
        throw error;
      }
    },
    { name: 'observeAttempts', step: 'deserialize', priority: 'high' },
  );
  return client;
};

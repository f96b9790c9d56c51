// Owns how an answer is written for API Gateway: JSON, headers that say where it came from, ETag and 304.
// Leaves to problem.ts what refusals exist, and to the handlers what an answer says.
import { createHash } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Refusal } from './problem.ts';

/** An answer before it is written. */
export interface Reply {
  readonly status: number;
  /** Left out: no body. Amounts are safe integers already, see money on the wire. */
  readonly body?: unknown;
  /** The body as JSON, where somebody needed it before. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const HEADERS = {
  region: 'Baseload-Region',
  position: 'Baseload-Position',
  stalenessMs: 'Baseload-Staleness-Ms',
  /** Requests of this kind that the account has left in the current ten seconds, at most. */
  remaining: 'Baseload-Remaining',
  replayed: 'Idempotent-Replayed',
  etag: 'ETag',
  retryAfter: 'Retry-After',
} as const;

/** Money and health must never be answered from somebody's cache. */
const NO_STORE = 'no-store';

/** Writes `reply` as API Gateway's payload 2.0 wants it. */
export const writeReply = (reply: Reply, region: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode: reply.status,
  headers: {
    ...(reply.body === undefined ? {} : { 'content-type': 'application/json' }),
    'cache-control': NO_STORE,
    ...reply.headers,
    [HEADERS.region]: region,
  },
  ...(reply.body === undefined ? {} : { body: reply.text ?? JSON.stringify(reply.body) }),
});

/** Writes a refusal as problem+json (RFC 9457), with `Retry-After` where waiting helps. */
export const refusalReply = (refusal: Refusal): Reply => {
  const { waitSeconds } = refusal;
  return {
    status: refusal.problem.status,
    body: refusal.problem,
    headers: {
      'content-type': 'application/problem+json',
      ...(waitSeconds === undefined ? {} : { [HEADERS.retryAfter]: String(waitSeconds) }),
    },
  };
};

/**
 * A 200 with a strong ETag over the very bytes of the body, or a 304 when the client has them.
 * `If-None-Match` is compared weakly and may be a list or `*` (RFC 9110, 13.1.2).
 */
export const revalidatedReply = (
  body: unknown,
  ifNoneMatch: string | undefined,
  headers: Readonly<Record<string, string>> = {},
): Reply => {
  const text = JSON.stringify(body);
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  const withEtag = { ...headers, [HEADERS.etag]: etag, 'cache-control': 'private, no-cache' };
  const matches = (ifNoneMatch ?? '').split(',').some((candidate) => {
    const tag = candidate.trim();
    return tag === '*' || tag.replace(/^W\//, '') === etag;
  });
  return matches ? { status: 304, headers: withEtag } : { status: 200, body, text, headers: withEtag };
};

// Owns the CORS answers of an HTTP API that has a CORS configuration: API Gateway then answers every preflight itself
// and replaces whatever CORS headers a function returns.
import type { CorsPlan } from '../assembly/plan.ts';

export type Headers = Record<string, string | string[]>;

/** Headers of a preflight answer; empty when the origin is not allowed, which is what stops the browser. */
export function preflightHeaders(cors: CorsPlan, origin: string | undefined): Headers {
  const allowed = allowedOrigin(cors, origin);
  if (allowed === undefined) return {};
  return {
    'access-control-allow-origin': allowed,
    'access-control-allow-methods': cors.allowMethods.join(','),
    ...listed('access-control-allow-headers', cors.allowHeaders),
    ...(cors.maxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(cors.maxAgeSeconds) }),
  };
}

/** Headers that every other answer to an allowed origin carries. */
export function corsHeaders(cors: CorsPlan, origin: string | undefined): Headers {
  const allowed = allowedOrigin(cors, origin);
  if (allowed === undefined) return {};
  return { 'access-control-allow-origin': allowed, ...listed('access-control-expose-headers', cors.exposeHeaders) };
}

function allowedOrigin(cors: CorsPlan, origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (cors.allowOrigins.includes('*')) return '*';
  return cors.allowOrigins.find((allowed) => allowed === origin);
}

const listed = (name: string, values: readonly string[]): Headers =>
  values.length === 0 ? {} : { [name]: values.join(',') };

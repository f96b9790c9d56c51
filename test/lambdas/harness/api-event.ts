// Owns events as an HTTP API sends them, payload 2.0, claims as its JWT authorizer writes them.
import type { ApiEvent } from '../../../lambdas/shared/http/event.ts';

export interface Call {
  readonly routeKey: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly base64?: boolean;
  /** Undefined: the token of an operator. Null: no authorizer. */
  readonly claims?: Readonly<Record<string, unknown>> | null;
}

export const OPERATOR = { sub: 'operator', scope: 'billing:read billing:pay billing:operate' };
/** A payer's claims as API Gateway delivers them: the list is one string. */
export const payer = (...accounts: string[]) => ({
  sub: 'payer',
  scope: 'billing:read billing:pay',
  accounts: `[${accounts.join(' ')}]`,
});

export const apiEvent = ({
  routeKey,
  path,
  query,
  headers,
  body,
  base64 = false,
  claims = OPERATOR,
}: Call): ApiEvent => {
  const [method = '', rawPath = ''] = routeKey.split(' ');
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(query === undefined ? {} : { queryStringParameters: { ...query } }),
    ...(path === undefined ? {} : { pathParameters: { ...path } }),
    ...(text === undefined ? {} : { body: base64 ? Buffer.from(text).toString('base64') : text }),
    isBase64Encoded: base64,
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'localhost',
      domainPrefix: 'api',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      time: '01/Nov/2026:00:00:00 +0000',
      timeEpoch: 1_793_491_200_000,
      ...(claims === null ? {} : { authorizer: { jwt: { claims } } }),
    },
  };
};

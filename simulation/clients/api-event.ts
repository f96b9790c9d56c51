// Owns how a request reaches a function: as an HTTP API sends it, payload 2.0, with the token of an operator.
// Leaves refusals of other tokens to their own tests.
import type { ApiEvent } from '../../lambdas/shared/http/event.ts';
import type { RouteKey } from '../../lambdas/shared/names.ts';

export interface ApiRequest {
  readonly routeKey: RouteKey;
  readonly path?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const CLAIMS = { sub: 'simulation', scope: 'billing:read billing:pay billing:operate readings:write' };

export const apiEvent = ({ routeKey, path, headers, body }: ApiRequest): ApiEvent => {
  const [method = '', rawPath = ''] = routeKey.split(' ');
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: '',
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(path && { pathParameters: { ...path } }),
    ...(body && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'simulation',
      domainName: 'simulation',
      domainPrefix: 'simulation',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'simulation' },
      requestId: 'simulation',
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: 0,
      authorizer: { jwt: { claims: CLAIMS } },
    },
  };
};

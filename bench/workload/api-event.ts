// Owns the events that the measured handlers are given: API Gateway's payload 2.0, as it comes from the authorizer.
// Leaves to the handlers what they make of it.
import type { AccountId } from '../../lambdas/domain/ids.ts';
import { SCOPES } from '../../lambdas/shared/names.ts';

export interface ApiCall {
  /** As in the template, such as `POST /v1/accounts/{accountId}/payments`. */
  readonly routeKey: string;
  readonly accountId: AccountId;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const HEADERS = {
  accept: '*/*',
  host: 'api.us.example.com',
  'user-agent': 'bench',
  'x-forwarded-for': '198.51.100.7',
  'x-forwarded-port': '443',
  'x-forwarded-proto': 'https',
};
const CONTEXT = {
  accountId: '111111111111',
  apiId: 'bench',
  domainName: 'api.us.example.com',
  domainPrefix: 'api',
  stage: '$default',
  time: '01/Nov/2026:00:00:00 +0000',
  timeEpoch: 1_793_491_200_000,
};

let requests = 0;

/** A payer's own call. */
export const apiEvent = ({ routeKey, accountId, pathParameters, headers, body }: ApiCall): object => {
  const parameters: Readonly<Record<string, string>> = { accountId, ...pathParameters };
  const [method = '', pattern = ''] = routeKey.split(' ');
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? '');
  const scope = method === 'GET' ? SCOPES.read : SCOPES.pay;
  requests += 1;
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: { ...HEADERS, ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    requestContext: {
      ...CONTEXT,
      authorizer: { jwt: { claims: { sub: 'bench', scope, accounts: `[${accountId}]` }, scopes: [scope] } },
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '198.51.100.7', userAgent: 'bench' },
      requestId: `bench-${requests}`,
      routeKey,
    },
    pathParameters: parameters,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  };
};

// Owns the event a function gets: payload format 2.0 of a Lambda proxy integration.
// Source: API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs".
import type { AuthorizedToken } from './jwt-authorizer.ts';

export interface ProxyRequest {
  readonly method: string;
  /** As the client sent it, percent-encoded. */
  readonly encodedPath: string;
  readonly rawQueryString: string;
  /** Lower-case names, values of one name joined by commas, cookies included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly receivedAtMs: number;
}

export interface ProxyTarget {
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
  /** Undefined on a route without authorizer. */
  readonly token: AuthorizedToken | undefined;
  /** Whether the route asks for scopes: if not, `scopes` is null. */
  readonly scoped: boolean;
  readonly apiId: string;
  readonly accountId: string;
}

export function proxyEvent(request: ProxyRequest, target: ProxyTarget): string {
  const { cookie, ...headers } = request.headers;
  const path = decodeURIComponent(request.encodedPath);
  const domainName = headers.host ?? '';
  const text = isText(headers['content-type']);
  return JSON.stringify({
    version: '2.0',
    routeKey: target.routeKey,
    // HTTP APIs decode the path here, unlike REST APIs and function URLs.
    rawPath: path,
    rawQueryString: request.rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; ?/) }),
    headers: {
      ...headers,
      'content-length': String(request.body.length),
      'x-amzn-trace-id': request.traceId,
      'x-forwarded-for':
        headers['x-forwarded-for'] === undefined
          ? request.sourceIp
          : `${headers['x-forwarded-for']}, ${request.sourceIp}`,
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    ...(request.rawQueryString === '' ? {} : { queryStringParameters: queryParameters(request.rawQueryString) }),
    requestContext: {
      accountId: target.accountId,
      apiId: target.apiId,
      ...(target.token === undefined
        ? {}
        : { authorizer: { jwt: { claims: target.token.claims, scopes: target.scoped ? target.token.scopes : null } } }),
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey: target.routeKey,
      stage: '$default',
      time: clfTime(request.receivedAtMs),
      timeEpoch: request.receivedAtMs,
    },
    ...(target.pathParameters === undefined ? {} : { pathParameters: target.pathParameters }),
    ...(request.body.length === 0 ? {} : { body: request.body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !text,
  });
}

/** Everything else arrives as base64, forms and bodies without a type included. */
function isText(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^text\/|^application\/(json|javascript|xml)$|^application\/.*\+(json|xml)$/.test(type);
}

function queryParameters(rawQueryString: string): Record<string, string> {
  const parameters: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000`. */
export function clfTime(atMs: number): string {
  const [date = '', time = ''] = new Date(atMs).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

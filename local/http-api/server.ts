// Owns the edge of a Region: one HTTP API on a loopback port, from request to answer in API Gateway's order.
// Leaves to the files beside it each single rule, and to lambda/ what runs behind a route.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { HttpApiPlan, RoutePlan } from '../assembly/plan.ts';
import type { InvocationResult } from '../lambda/invocation.ts';
import { type AccessLogValues, accessLogLine, type GatewayErrorType } from './access-log.ts';
import { corsHeaders, type Headers, preflightHeaders } from './cors.ts';
import { clfTime, type ProxyRequest, proxyEvent } from './event.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { JwtAuthorizer } from './jwt-authorizer.ts';
import { drained, readBody, requestHeaders } from './request.ts';
import { type GatewayResponse, gatewayMessage, mapInvocation } from './response.ts';
import { routeMatcher } from './routes.ts';
import { TokenBucket } from './throttle.ts';

export interface HttpApiOptions {
  readonly plan: HttpApiPlan;
  readonly account: string;
  /** Where the address of the authorizers' issuer leads. */
  readonly issuerUrl: string;
  readonly invoke: (functionName: string, event: string) => Promise<InvocationResult>;
  readonly onAccess: (line: string) => void;
  readonly nowMs: () => number;
}

type Details = { -readonly [Name in keyof AccessLogValues]?: AccessLogValues[Name] };

export function createHttpApi(options: HttpApiOptions): Server {
  const api = new HttpApi(options);
  const server = createServer((incoming, outgoing) => void api.serve(incoming, outgoing));
  server.keepAliveTimeout = 60_000;
  return server;
}

class HttpApi {
  private readonly match: ReturnType<typeof routeMatcher<RoutePlan>>;
  private readonly buckets: ReadonlyMap<RoutePlan, TokenBucket>;
  private readonly authorizer: JwtAuthorizer;
  private readonly logLine: ((values: AccessLogValues) => string) | undefined;

  constructor(private readonly options: HttpApiOptions) {
    const { plan, issuerUrl, nowMs } = options;
    this.match = routeMatcher(plan.routes);
    this.buckets = new Map(plan.routes.map((route) => [route, new TokenBucket(route.throttle, nowMs)]));
    this.authorizer = new JwtAuthorizer(new IssuerKeys(issuerUrl, nowMs), nowMs);
    this.logLine = plan.accessLogFormat === undefined ? undefined : accessLogLine(plan.accessLogFormat);
  }

  async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const receivedAtMs = this.options.nowMs();
    const requestId = randomBytes(11).toString('base64');
    const details: Details = {};
    let response: GatewayResponse;
    try {
      response = await this.answer(incoming, requestId, receivedAtMs, details);
    } catch (error) {
      details.integrationErrorMessage = String(error);
      response = gatewayMessage(500, 'Internal Server Error');
    }
    await drained(incoming);
    send(outgoing, response, { ...this.corsFor(incoming, response), 'apigw-requestid': requestId });
    if (this.logLine !== undefined)
      this.options.onAccess(this.logLine(this.logValues(incoming, response, requestId, receivedAtMs, details)));
  }

  private async answer(
    incoming: IncomingMessage,
    requestId: string,
    receivedAtMs: number,
    details: Details,
  ): Promise<GatewayResponse> {
    const { plan } = this.options;
    const method = incoming.method ?? 'GET';
    const [encodedPath = '/', rawQueryString = ''] = splitOnce(incoming.url ?? '/', '?');
    const headers = requestHeaders(incoming);
    if (method === 'OPTIONS' && plan.cors !== undefined) {
      return { status: 204, headers: preflightHeaders(plan.cors, headers.origin), body: '' };
    }
    const match = attempt(() => this.match(method, encodedPath));
    if (match === 'malformed') return refused(details, 'BAD_REQUEST', gatewayMessage(400, 'Bad Request'));
    if (match === undefined) return refused(details, 'RESOURCE_NOT_FOUND', gatewayMessage(404, 'Not Found'));
    const { route, pathParameters } = match;
    details.routeKey = route.routeKey;
    if (this.buckets.get(route)?.take() !== true)
      return refused(details, 'THROTTLED', gatewayMessage(429, 'Too Many Requests'));

    const decision =
      route.authorizer === undefined
        ? undefined
        : await this.authorizer.decide(headers.authorization, route.authorizer, route.scopes);
    if (decision?.kind === 'unauthorized') {
      details['authorizer.error'] = decision.challenge;
      return refused(
        details,
        'UNAUTHORIZED',
        gatewayMessage(401, 'Unauthorized', { 'www-authenticate': decision.challenge }),
      );
    }
    if (decision?.kind === 'forbidden') return refused(details, 'ACCESS_DENIED', gatewayMessage(403, 'Forbidden'));

    const body = await readBody(incoming);
    if (body === undefined)
      return refused(details, 'REQUEST_TOO_LARGE', gatewayMessage(413, 'Request Entity Too Large'));
    const sourceIp = incoming.socket.remoteAddress ?? '127.0.0.1';
    const traceId = `Root=1-${Math.floor(receivedAtMs / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
    const request: ProxyRequest = {
      method,
      encodedPath,
      rawQueryString,
      headers,
      body,
      sourceIp,
      requestId,
      traceId,
      receivedAtMs,
    };
    const event = proxyEvent(request, {
      routeKey: route.routeKey,
      pathParameters,
      token: decision?.token,
      scoped: route.scopes.length > 0,
      apiId: plan.apiId,
      accountId: this.options.account,
    });
    return this.integrate(route, event, details);
  }

  private async integrate(route: RoutePlan, event: string, details: Details): Promise<GatewayResponse> {
    if (route.refusedByFunction) {
      details.integrationErrorMessage = 'the function’s policy does not let this route invoke it';
      return refused(details, 'INTEGRATION_FAILURE', gatewayMessage(500, 'Internal Server Error'));
    }
    const startedAtMs = this.options.nowMs();
    const result = await within(route.timeoutMs, this.options.invoke(route.functionName, event));
    details.integrationLatency = this.options.nowMs() - startedAtMs;
    if (result === 'timeout') {
      details.integrationErrorMessage = 'the integration timed out';
      return refused(details, 'INTEGRATION_TIMEOUT', gatewayMessage(503, 'Service Unavailable'));
    }
    const { response, integrationError } = mapInvocation(result);
    details.integrationStatus = result.kind === 'throttled' ? 429 : 200;
    if (integrationError === undefined) return response;
    details.integrationErrorMessage = integrationError;
    return refused(details, 'INTEGRATION_FAILURE', response);
  }

  private corsFor(incoming: IncomingMessage, response: GatewayResponse): Headers {
    const { cors } = this.options.plan;
    if (cors === undefined) return {};
    for (const name of Object.keys(response.headers)) {
      if (incoming.method !== 'OPTIONS' && name.startsWith('access-control-')) delete response.headers[name];
    }
    return incoming.method === 'OPTIONS' ? {} : corsHeaders(cors, incoming.headers.origin);
  }

  private logValues(
    incoming: IncomingMessage,
    response: GatewayResponse,
    requestId: string,
    receivedAtMs: number,
    details: Details,
  ): AccessLogValues {
    return {
      ...details,
      accountId: this.options.account,
      apiId: this.options.plan.apiId,
      domainName: incoming.headers.host ?? '',
      httpMethod: incoming.method ?? '',
      'identity.sourceIp': incoming.socket.remoteAddress ?? '',
      'identity.userAgent': incoming.headers['user-agent'] ?? '-',
      path: incoming.url?.split('?')[0] ?? '/',
      protocol: `HTTP/${incoming.httpVersion}`,
      requestId,
      requestTime: clfTime(receivedAtMs),
      requestTimeEpoch: receivedAtMs,
      responseLatency: this.options.nowMs() - receivedAtMs,
      responseLength: Buffer.byteLength(response.body),
      stage: '$default',
      status: response.status,
    };
  }
}

function send(outgoing: ServerResponse, response: GatewayResponse, more: Headers): void {
  const headers: Headers = { ...response.headers, ...more };
  if (response.status !== 204 && response.status !== 304)
    headers['content-length'] = String(Buffer.byteLength(response.body));
  outgoing.writeHead(response.status, headers);
  outgoing.end(response.body);
}

function refused(details: Details, type: GatewayErrorType, response: GatewayResponse): GatewayResponse {
  details['error.message'] = String(response.body);
  details['error.responseType'] = type;
  return response;
}

function attempt<T>(match: () => T): T | 'malformed' {
  try {
    return match();
  } catch (error) {
    if (error instanceof URIError) return 'malformed';
    throw error;
  }
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

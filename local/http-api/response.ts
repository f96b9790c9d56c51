// Owns how an answer comes of what a function returned, and the answers that API Gateway gives itself.
import type { InvocationResult } from '../lambda/invocation.ts';
import type { Headers } from './cors.ts';

export interface GatewayResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer | string;
}

export const gatewayMessage = (status: number, message: string, headers: Headers = {}): GatewayResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ message }),
});

/** Why a function's result is no answer, for the access log. */
export interface MappedResponse {
  readonly response: GatewayResponse;
  readonly integrationError?: string;
}

interface StructuredResult {
  readonly statusCode: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/** API Gateway computes or owns these. */
const OWN_HEADERS = new Set(['connection', 'content-length', 'date', 'transfer-encoding', 'apigw-requestid']);
const NO_BODY = new Set([204, 304]);

/** Payload format 2.0: a result without `statusCode` is itself the body of a 200. */
export function mapInvocation(result: InvocationResult): MappedResponse {
  switch (result.kind) {
    case 'throttled':
      return failed(503, 'Service Unavailable', 'the function is throttled');
    case 'failed':
      return failed(500, 'Internal Server Error', `${result.error.errorType}: ${result.error.errorMessage}`);
    case 'returned': {
      const value: unknown = JSON.parse(result.payload);
      if (isStructured(value)) return mapStructured(value);
      const text = typeof value === 'string' ? value : result.payload;
      return { response: { status: 200, headers: { 'content-type': 'application/json' }, body: text } };
    }
  }
}

function failed(status: number, message: string, integrationError: string): MappedResponse {
  return { response: gatewayMessage(status, message), integrationError };
}

const isStructured = (value: unknown): value is StructuredResult =>
  typeof value === 'object' && value !== null && 'statusCode' in value;

function mapStructured(result: StructuredResult): MappedResponse {
  const status = Number(result.statusCode);
  const body = result.body ?? '';
  const headers = headersOf(result.headers);
  const cookies = result.cookies ?? [];
  if (
    !Number.isInteger(status) ||
    status < 100 ||
    status > 599 ||
    typeof body !== 'string' ||
    headers === undefined ||
    !isListOfText(cookies)
  ) {
    return failed(500, 'Internal Server Error', 'the function returned a malformed response');
  }
  if (cookies.length > 0) headers['set-cookie'] = [...cookies];
  if (NO_BODY.has(status)) return { response: { status, headers, body: '' } };
  headers['content-type'] ??= 'text/plain; charset=utf-8';
  return { response: { status, headers, body: result.isBase64Encoded === true ? Buffer.from(body, 'base64') : body } };
}

function headersOf(given: unknown): Headers | undefined {
  const headers: Headers = {};
  if (given === undefined || given === null) return headers;
  if (typeof given !== 'object' || Array.isArray(given)) return undefined;
  for (const [name, value] of Object.entries(given)) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) return undefined;
    const lowered = name.toLowerCase();
    if (!OWN_HEADERS.has(lowered)) headers[lowered] = String(value);
  }
  return headers;
}

const isListOfText = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

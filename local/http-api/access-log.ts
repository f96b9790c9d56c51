// Owns the access log in the format that the stage asks for: `$context.…` replaced, `-` where there is no value.

/** API Gateway's names for the refusals that are its own. */
export type GatewayErrorType =
  | 'ACCESS_DENIED'
  | 'BAD_REQUEST'
  | 'INTEGRATION_FAILURE'
  | 'INTEGRATION_TIMEOUT'
  | 'REQUEST_TOO_LARGE'
  | 'RESOURCE_NOT_FOUND'
  | 'THROTTLED'
  | 'UNAUTHORIZED';

export interface AccessLogValues {
  readonly accountId: string;
  readonly apiId: string;
  readonly 'authorizer.error'?: string;
  readonly domainName: string;
  readonly 'error.message'?: string;
  readonly 'error.responseType'?: GatewayErrorType;
  readonly httpMethod: string;
  readonly 'identity.sourceIp': string;
  readonly 'identity.userAgent'?: string;
  readonly integrationErrorMessage?: string;
  readonly integrationLatency?: number;
  readonly integrationStatus?: number;
  readonly path: string;
  readonly protocol: string;
  readonly requestId: string;
  readonly requestTime: string;
  readonly requestTimeEpoch: number;
  readonly responseLatency: number;
  readonly responseLength: number;
  readonly routeKey?: string;
  readonly stage: string;
  readonly status: number;
}

const KNOWN: Readonly<Record<keyof AccessLogValues, true>> = {
  accountId: true,
  apiId: true,
  'authorizer.error': true,
  domainName: true,
  'error.message': true,
  'error.responseType': true,
  httpMethod: true,
  'identity.sourceIp': true,
  'identity.userAgent': true,
  integrationErrorMessage: true,
  integrationLatency: true,
  integrationStatus: true,
  path: true,
  protocol: true,
  requestId: true,
  requestTime: true,
  requestTimeEpoch: true,
  responseLatency: true,
  responseLength: true,
  routeKey: true,
  stage: true,
  status: true,
};

const VARIABLE = /\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g;

/** @throws Error naming a variable that is not known here. */
export function accessLogLine(format: string): (values: AccessLogValues) => string {
  for (const [variable, name = ''] of format.matchAll(VARIABLE)) {
    if (!Object.hasOwn(KNOWN, name))
      throw new Error(`access log format: ${variable} is not known here: add it to AccessLogValues`);
  }
  return (values) =>
    format.replace(VARIABLE, (_all, name: keyof AccessLogValues) => String(values[name] ?? '-').replaceAll('"', '\\"'));
}

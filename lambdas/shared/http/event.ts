// Owns what the handlers see of API Gateway's event: payload 2.0, with or without a JWT authorizer.
// Leaves to claims.ts what the claims mean.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** An event of an HTTP API, payload 2.0. The authorizer is there on routes that have one. */
export type ApiEvent = Omit<APIGatewayProxyEventV2, 'requestContext'> & {
  readonly requestContext: APIGatewayProxyEventV2['requestContext'] & {
    readonly authorizer?: { readonly jwt?: { readonly claims: Readonly<Record<string, unknown>> } };
  };
};

/** A header by its lower-case name; API Gateway joins repeated ones with a comma. */
export const header = (event: ApiEvent, name: string): string | undefined => event.headers?.[name];

/** A path parameter, decoded by API Gateway; the empty string when the route has none of that name. */
export const pathParameter = (event: ApiEvent, name: string): string => event.pathParameters?.[name] ?? '';

/** W3C Trace Context, level 1: version, trace id, parent id, flags. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A client's trace, when it sent one of the right shape; anything else is not repeated into logs. */
export const traceOf = (event: ApiEvent): string | undefined => {
  const sent = header(event, 'traceparent');
  return sent !== undefined && TRACEPARENT.test(sent) ? sent : undefined;
};

// Owns that nobody does at this endpoint what the Region's roles do not allow.
// Leaves to local/iam who a caller is, which actions a request needs and how policies are evaluated.
import type { IncomingMessage } from 'node:http';
import type { RegionPlan } from '../../assembly/plan.ts';
import { accessKeyOf, callersOf } from '../../iam/callers.ts';
import { type AwsJsonError, accessDenied, unrecognizedClient } from '../../iam/denied.ts';
import { neededActions } from '../../iam/dynamodb-actions.ts';
import type { Authorization, AuthorizationRequest } from '../../iam/evaluate.ts';
import { streamArnOfIterator } from '../ledger/stream-iterator.ts';
import { AwsRefusal, type Reply, type RequestBody, refused } from '../protocol.ts';
import type { Catalog } from './catalog.ts';

export interface Denial {
  readonly principalArn: string;
  readonly action: string;
  readonly resource: string;
  readonly message: string;
}

export interface PermissionOptions {
  readonly plan: RegionPlan;
  readonly catalog: Catalog;
  readonly authorize: (request: AuthorizationRequest) => Authorization;
  readonly onDenied?: (denial: Denial) => void;
}

const refusal = (error: AwsJsonError): Reply => ({ kind: 'answer', ...error });

/** AWS's refusal of a request, or undefined when it may go on. */
export type Permission = (request: IncomingMessage, operation: string, body: RequestBody) => Reply | undefined;

export const permissionOf = ({ plan, catalog, authorize, onDenied }: PermissionOptions): Permission => {
  const callers = callersOf(plan);
  return (request, operation, body) => {
    const accessKeyId = accessKeyOf(request.headers.authorization);
    if (accessKeyId === undefined) {
      return refused(
        new AwsRefusal(400, 'MissingAuthenticationTokenException', 'Request is missing Authentication Token'),
      );
    }
    const caller = callers(accessKeyId);
    if (caller === undefined) return refusal(unrecognizedClient());
    const streamArn = streamArnOfIterator(body.ShardIterator);
    const needed = neededActions({
      operation,
      body,
      region: plan.region,
      table: (name) => catalog.get(name),
      arnOfUnknown: (name) => catalog.arnOf(name),
      ...(streamArn === undefined ? {} : { streamArn }),
    });
    for (const { action, resource, context } of needed) {
      const decision = authorize({ ...caller, action, resource, context });
      if (decision.allowed) continue;
      onDenied?.({ principalArn: caller.principalArn, action, resource, message: decision.message });
      return refusal(accessDenied(decision.message));
    }
    return undefined;
  };
};

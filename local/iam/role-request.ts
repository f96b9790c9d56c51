// Owns the request of a service that acts in a role's name.
// Leaves to guard.ts requests that come over the wire, to evaluate.ts the decision.
import type { RolePlan } from '../assembly/plan.ts';
import { contextIn } from './conditions.ts';
import type { AuthorizationRequest } from './evaluate.ts';

export const roleRequest = (
  { arn, statements }: Pick<RolePlan, 'arn' | 'statements'>,
  region: string,
  action: string,
  resource: string,
): AuthorizationRequest => ({ principalArn: arn, statements, action, resource, context: contextIn(region) });

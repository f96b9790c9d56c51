// Owns the guard of an endpoint: who asks, and whether that one may; a refusal is told before it is answered.
// Leaves to the endpoint which rights a request needs, and how its service words a refusal.
import type { IncomingMessage } from 'node:http';
import type { RegionPlan } from '../assembly/plan.ts';
import { accessKeyOf, callersOf } from './callers.ts';
import { contextIn, type RequestContext } from './conditions.ts';
import type { Authorization, AuthorizationRequest } from './evaluate.ts';

/** What every endpoint of a Region is given to be guarded. */
export interface GuardedEndpoint {
  readonly plan: Pick<RegionPlan, 'region' | 'account' | 'roles' | 'functions'>;
  readonly authorize: (request: AuthorizationRequest) => Authorization;
  readonly onDenied: (message: string) => void;
  /** What a defect of the endpoint itself threw. */
  readonly onDefect: (text: string) => void;
}

/** Of one request. */
export interface Guard {
  /** The message of the refusal, which was told; undefined for what is allowed. */
  refusal(action: string, resource: string, context?: RequestContext): string | undefined;
  /** Whether a right is there that only changes what is answered: nobody is told of one that is not. */
  allows(action: string, resource: string): boolean;
}

/**
 * The guard of a request, or undefined when its access key is nobody's.
 * @throws Error when a role's policies use something that the evaluator does not know.
 */
export function guardOf({
  plan,
  authorize,
  onDenied,
}: Omit<GuardedEndpoint, 'onDefect'>): (request: IncomingMessage) => Guard | undefined {
  const callers = callersOf(plan);
  const common = contextIn(plan.region);
  return ({ headers }) => {
    const caller = callers(accessKeyOf(headers.authorization) ?? '');
    if (caller === undefined) return undefined;
    const decide = (action: string, resource: string, context: RequestContext = {}): Authorization =>
      authorize({ ...caller, action, resource, context: { ...common, ...context } });
    return {
      refusal: (action, resource, context) => {
        const decision = decide(action, resource, context);
        if (decision.allowed) return undefined;
        onDenied(decision.message);
        return decision.message;
      },
      allows: (action, resource) => decide(action, resource).allowed,
    };
  };
}

// Owns the decision whether an identity's own policies allow one action on one resource, and AWS's words for a refusal.
// Leaves to dynamodb-actions.ts which actions a request needs, and to callers.ts whose policies count.
import type { PolicyStatement } from '../assembly/plan.ts';
import { type ConditionTest, compileCondition, type RequestContext } from './conditions.ts';
import { wildcardMatcher } from './wildcard.ts';

export interface AuthorizationRequest {
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`: only for the message. */
  readonly principalArn: string;
  readonly statements: readonly PolicyStatement[];
  /** `service:Action`. */
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

export type Authorization = { readonly allowed: true } | { readonly allowed: false; readonly message: string };

interface CompiledStatement {
  readonly effect: PolicyStatement['Effect'];
  readonly matches: (action: string, resource: string, context: RequestContext) => boolean;
}

/** Statement lists are immutable values of a plan, so their compiled form can be kept as long as they live. */
const compiled = new WeakMap<readonly PolicyStatement[], readonly CompiledStatement[]>();

/**
 * Identity-based evaluation: an explicit deny wins, then any allow, else refused.
 * Source: IAM user guide, "Policy evaluation logic" for one account without boundaries, session or resource policies.
 * @throws Error when a statement uses an operator, key or element that is not known here.
 */
export function authorize(request: AuthorizationRequest): Authorization {
  const matching = compileStatements(request.statements).filter((statement) =>
    statement.matches(request.action, request.resource, request.context),
  );
  if (matching.some((statement) => statement.effect === 'Deny')) {
    return { allowed: false, message: `${refusal(request)} with an explicit deny in an identity-based policy` };
  }
  if (matching.length > 0) return { allowed: true };
  return {
    allowed: false,
    message: `${refusal(request)} because no identity-based policy allows the ${request.action} action`,
  };
}

/** To be called when policies are loaded, so that an element that is not known here stops the start and not a request. */
export function checkStatements(statements: readonly PolicyStatement[], where: string): void {
  compileStatements(statements, where);
}

function refusal(request: AuthorizationRequest): string {
  return `User: ${request.principalArn} is not authorized to perform: ${request.action} on resource: ${request.resource}`;
}

function compileStatements(statements: readonly PolicyStatement[], where = 'policy'): readonly CompiledStatement[] {
  const known = compiled.get(statements);
  if (known !== undefined) return known;
  const made = statements.map((statement, index) => compileStatement(statement, `${where}, statement ${index}`));
  compiled.set(statements, made);
  return made;
}

function compileStatement(statement: PolicyStatement, where: string): CompiledStatement {
  const unknown = Object.keys(statement).filter(
    (element) => !['Sid', 'Effect', 'Action', 'Resource', 'Condition'].includes(element),
  );
  if (unknown.length > 0)
    throw new Error(`${where}: element ${unknown.join(', ')} is not known here: use Action and Resource`);
  const actions = statement.Action.map((action) => wildcardMatcher(action, { ignoreCase: true }));
  const resources = statement.Resource.map((resource) => wildcardMatcher(resource, { ignoreCase: false }));
  const holds: ConditionTest = compileCondition(statement.Condition, where);
  return {
    effect: statement.Effect,
    matches: (action, resource, context) =>
      actions.some((matches) => matches(action)) && resources.some((matches) => matches(resource)) && holds(context),
  };
}

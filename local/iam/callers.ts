// Owns who a request comes from: the access key of its SigV4 credential stands for one role of the Region's plan.
import type { PolicyStatement, RegionPlan } from '../assembly/plan.ts';
import { checkStatements } from './evaluate.ts';

export interface Caller {
  readonly principalArn: string;
  readonly statements: readonly PolicyStatement[];
}

/** The local administrator: the supervisor and the operator's command line. */
const OPERATOR_ACCESS_KEY = 'operator';
/** Its own; endpoints of this machine check no signature. */
export const OPERATOR_CREDENTIALS = { accessKeyId: OPERATOR_ACCESS_KEY, secretAccessKey: 'local' } as const;

const EVERYTHING: readonly PolicyStatement[] = [{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }];

/**
 * Who an access key is, or undefined when it is nobody's.
 * @throws Error when a role's policies use something that the evaluator does not know.
 */
export function callersOf(
  plan: Pick<RegionPlan, 'account' | 'roles' | 'functions'>,
): (accessKeyId: string) => Caller | undefined {
  const callers = new Map<string, Caller>([
    [OPERATOR_ACCESS_KEY, { principalArn: `arn:aws:iam::${plan.account}:user/operator`, statements: EVERYTHING }],
  ]);
  for (const role of plan.roles) {
    checkStatements(role.statements, `role ${role.name}`);
    // Lambda names the session after the function.
    const session = plan.functions.find((candidate) => candidate.roleName === role.name)?.name ?? 'session';
    callers.set(role.accessKeyId, {
      principalArn: `arn:aws:sts::${plan.account}:assumed-role/${role.name}/${session}`,
      statements: role.statements,
    });
  }
  return (accessKeyId) => callers.get(accessKeyId);
}

/** The access key in a SigV4 `Authorization` header, or undefined when there is none. */
export function accessKeyOf(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : /\bCredential=([^/,\s]+)\//.exec(authorization)?.[1];
}

// Owns the roles that functions run under: what their own and attached policies say, and the local credential of each.
// Leaves to local/iam what the statements allow.
import { createHash } from 'node:crypto';
import type { PolicyStatement, RolePlan } from './plan.ts';
import type { Properties } from './properties.ts';
import type { Resource, Resources } from './resources.ts';

/** What AWS's own policies say that the app may attach. */
const AWS_MANAGED: Readonly<Record<string, readonly PolicyStatement[]>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': [
    { Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: ['*'] },
  ],
};

/** Roles of functions, schedules and deployments; one that some other service takes on has no place here, its service is not emulated. */
export function readRoles(resources: Resources): readonly RolePlan[] {
  const attached = [...resources.ofType('AWS::IAM::Policy'), ...resources.ofType('AWS::IAM::ManagedPolicy')].map(
    (policy) => ({
      arn: policy.type === 'AWS::IAM::ManagedPolicy' ? policy.ref() : undefined,
      roles: readAttachedRoles(policy),
      statements: readStatements(policy.properties),
    }),
  );
  return resources.ofType('AWS::IAM::Role').flatMap((role) => {
    const { properties } = role;
    properties.value('RoleName');
    const inline = properties.objects('Policies').flatMap((policy) => {
      policy.text('PolicyName');
      return readStatements(policy);
    });
    const managedArns = properties.texts('ManagedPolicyArns');
    if (!isEmulated(properties.value('AssumeRolePolicyDocument'))) return [];
    const name = role.ref();
    const own = attached.filter(
      ({ arn, roles }) => roles.includes(name) || (arn !== undefined && managedArns.includes(arn)),
    );
    const known = new Set(own.map(({ arn }) => arn));
    const foreign = managedArns
      .filter((arn) => !known.has(arn))
      .flatMap((arn) => managedStatements(properties.where, arn));
    const arn = role.attribute('Arn');
    return [
      {
        name,
        arn,
        accessKeyId: accessKeyOf(arn, role.stack.region),
        statements: [...inline, ...own.flatMap(({ statements }) => statements), ...foreign],
      },
    ];
  });
}

function readAttachedRoles({ properties }: Resource): readonly string[] {
  for (const name of ['PolicyName', 'ManagedPolicyName', 'Description', 'Path']) properties.value(name);
  return properties.texts('Roles');
}

function managedStatements(where: string, arn: string): readonly PolicyStatement[] {
  const statements = AWS_MANAGED[arn];
  if (statements === undefined)
    throw new Error(`${where}: what ${arn} allows is not known here: add it to AWS_MANAGED in roles.ts`);
  return statements;
}

type Statement = Readonly<Record<string, unknown>>;

/** Every element is kept, so that one the evaluator does not know stops the start: see local/iam/evaluate.ts. */
function readStatements(policy: Properties): readonly PolicyStatement[] {
  const document = policy.value('PolicyDocument') as
    | { readonly Statement?: Statement | readonly Statement[] }
    | undefined;
  return [document?.Statement ?? []].flat().map(
    (statement) =>
      ({
        ...statement,
        Action: [statement.Action ?? []].flat(),
        Resource: [statement.Resource ?? []].flat(),
      }) as unknown as PolicyStatement,
  );
}

const isEmulated = (trust: unknown): boolean =>
  /"(?:lambda|scheduler|codedeploy)\.amazonaws\.com"/.test(JSON.stringify(trust));

/** Stable, so that a restarted Region's workers are who they were; of another Region's role of the same name it differs. */
function accessKeyOf(arn: string, region: string): string {
  return `LKIA${createHash('sha256').update(`${region} ${arn}`).digest('hex').slice(0, 16).toUpperCase()}`;
}

// Owns the functions of a Region: code, limits, environment, alias.
// Leaves to local/lambda how they run.
import type { FunctionPlan } from './plan.ts';
import type { Resource, Resources } from './resources.ts';

/** Lambda's own defaults. */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MB = 128;

export function readFunctions(resources: Resources): readonly FunctionPlan[] {
  const aliases = resources.ofType('AWS::Lambda::Alias').map(({ properties }) => ({
    functionName: functionNameOf(properties.text('FunctionName')),
    name: properties.text('Name'),
  }));
  return resources.ofType('AWS::Lambda::Function').map((resource) => {
    const name = resource.ref();
    const own = aliases.filter(({ functionName }) => functionName === name);
    if (own.length > 1)
      throw new Error(`${resource.properties.where}: ${own.length} aliases, and one version of a function runs here`);
    return readFunction(resource, name, own[0]?.name);
  });
}

function readFunction(
  { logicalId, properties, attribute, stack }: Resource,
  name: string,
  alias: string | undefined,
): FunctionPlan {
  properties.value('FunctionName');
  const key = properties.object('Code').text('S3Key');
  const assetDir = stack.assetDirs.get(key);
  if (assetDir === undefined) throw new Error(`${properties.where}: asset ${key} is not in the assembly`);
  const reservedConcurrency = properties.optionalNumber('ReservedConcurrentExecutions');
  const variables = (properties.object('Environment').value('Variables') ?? {}) as Readonly<Record<string, unknown>>;
  return {
    logicalId,
    name,
    arn: attribute('Arn'),
    roleName: properties.text('Role').split('/').at(-1) ?? '',
    assetDir,
    handler: properties.text('Handler'),
    timeoutSeconds: properties.number('Timeout', DEFAULT_TIMEOUT_SECONDS),
    memoryMb: properties.number('MemorySize', DEFAULT_MEMORY_MB),
    environment: Object.fromEntries(Object.entries(variables).map(([variable, value]) => [variable, String(value)])),
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    ...(alias === undefined ? {} : { alias }),
  };
}

/** From a name, an ARN, or an ARN with version or alias. */
export function functionNameOf(reference: string): string {
  return reference.startsWith('arn:') ? (reference.split(':')[6] ?? '') : (reference.split(':')[0] ?? '');
}

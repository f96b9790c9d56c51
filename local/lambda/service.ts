// Owns Lambda as one Region has it: every function of the plan under its name, its credentials and its endpoints.
// Leaves to versions.ts which version runs an event, to pool.ts how events are spread over threads.
import type { FunctionPlan, RegionPlan } from '../assembly/plan.ts';
import { type MetricDatum, parseEmf } from './emf.ts';
import type { InvocationResult } from './invocation.ts';
import { type Place, placesFor } from './places.ts';
import { FunctionPool } from './pool.ts';
import { FunctionVersions } from './versions.ts';

export interface LambdaOptions {
  readonly plan: Pick<RegionPlan, 'region' | 'account' | 'functions' | 'roles' | 'httpApi'>;
  /** `AWS_ENDPOINT_URL_…` of the Region's emulators. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly onLog: (functionName: string, lines: readonly string[]) => void;
  readonly onMetric: (functionName: string, data: readonly MetricDatum[]) => void;
  /** The port of 127.0.0.1 that stands for a public hostname of the application; absent: functions find none. */
  readonly publicPorts?: Readonly<Record<string, number>>;
  /** How far ahead its functions see the time; absent: they see the machine's. */
  readonly clockOffset?: SharedArrayBuffer;
  /** Threads a version of a function may have here at most. */
  readonly maxEnvironments?: number;
  /** The draws, from 0 to 1, of which version of the named function runs an event; absent: any will do. */
  readonly randomOf?: (functionName: string) => () => number;
}

export interface Lambda {
  /** @throws Error when the plan has no such function. */
  invoke(functionName: string, event: string): Promise<InvocationResult>;
  /** What a deployment shifts. @throws Error when the plan has no such function. */
  versions(functionName: string): Pick<FunctionVersions, 'version' | 'taken' | 'begin' | 'promote' | 'goBack'>;
  close(): Promise<void>;
}

/** An account's unreserved concurrency in a Region: Lambda's default quota. */
const ACCOUNT_CONCURRENCY = 1000;

export function startLambda(options: LambdaOptions): Lambda {
  const placeOf = placesFor(options.plan);
  const functions = new Map(
    options.plan.functions.map((fn) => [fn.name, versionsOf(fn, options, placeOf(fn))] as const),
  );
  const named = (functionName: string): FunctionVersions => {
    const found = functions.get(functionName);
    if (found === undefined)
      throw new Error(
        `no function ${functionName} in ${options.plan.region}: it has ${[...functions.keys()].join(', ')}`,
      );
    return found;
  };
  return {
    invoke: async (functionName, event) => named(functionName).invoke(event),
    versions: named,
    close: async () => {
      await Promise.all([...functions.values()].map((one) => one.close()));
    },
  };
}

const versionsOf = (fn: FunctionPlan, options: LambdaOptions, place: Place): FunctionVersions =>
  new FunctionVersions({
    assetDir: fn.assetDir,
    concurrency: fn.reservedConcurrency ?? ACCOUNT_CONCURRENCY,
    hasAlias: fn.alias !== undefined,
    random: options.randomOf?.(fn.name) ?? Math.random,
    openPool: (version, assetDir) => openPool({ ...fn, assetDir }, version, options, place),
  });

function openPool(
  fn: FunctionPlan,
  version: string,
  options: LambdaOptions,
  { coldStarts, maxEnvironments, niceness }: Place,
): FunctionPool {
  return new FunctionPool({
    version,
    spec: {
      functionArn: fn.alias === undefined ? fn.arn : `${fn.arn}:${fn.alias}`,
      assetDir: fn.assetDir,
      handler: fn.handler,
      memoryMb: fn.memoryMb,
      timeoutMs: fn.timeoutSeconds * 1000,
      logGroupName: `/aws/lambda/${fn.name}`,
      variables: variablesOf(fn, version, options),
      ...(options.publicPorts === undefined ? {} : { publicPorts: options.publicPorts }),
      niceness,
      ...(options.clockOffset === undefined ? {} : { clockOffset: options.clockOffset }),
      onLog: (lines) => sortLines(lines, fn.name, options),
    },
    maxEnvironments: options.maxEnvironments ?? maxEnvironments,
    coldStarts,
    // That this machine has too few threads is not the template's throttle: a throttled message is hidden for minutes.
    maxWaitMs: fn.timeoutSeconds * 1000,
  });
}

/** What Lambda sets beside the template's own variables, and nothing of this process's environment. */
function variablesOf(fn: FunctionPlan, version: string, { plan, endpoints }: LambdaOptions): Record<string, string> {
  const role = plan.roles.find((candidate) => candidate.name === fn.roleName);
  if (role === undefined)
    throw new Error(`function ${fn.name} has the role ${fn.roleName}, which the plan does not have`);
  return {
    ...fn.environment,
    ...endpoints,
    AWS_REGION: plan.region,
    AWS_DEFAULT_REGION: plan.region,
    AWS_ACCESS_KEY_ID: role.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    LAMBDA_TASK_ROOT: fn.assetDir,
    _HANDLER: fn.handler,
    // The runtime on AWS is newer than the Node this runs on, which the SDK would remark on with every start.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

function sortLines(lines: readonly string[], functionName: string, options: LambdaOptions): void {
  const logs: string[] = [];
  for (const line of lines) {
    const data = parseEmf(line);
    if (data === undefined) logs.push(line);
    else options.onMetric(functionName, data);
  }
  if (logs.length > 0) options.onLog(functionName, logs);
}

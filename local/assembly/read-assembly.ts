// Owns the way from a cloud assembly to the plan of what runs here: everything concrete, nothing unread.
// Leaves to the files beside it each kind of resource, and to the emulators how the plan is run.
import { readAlarms } from './alarms.ts';
import { readBuckets } from './buckets.ts';
import { readCertificates } from './certificates.ts';
import { type AssembledStack, jurisdictionsIn, readStacks } from './cloud-assembly.ts';
import { readDeploymentGroups } from './deployment-groups.ts';
import { readEventRules } from './event-rules.ts';
import { readCustomResources, readQueueSources, readQueues, readStreamSources } from './event-sources.ts';
import { readFunctions } from './functions.ts';
import { readHttpApi } from './http-api.ts';
import { readMail } from './mail.ts';
import { readPaging } from './paging.ts';
import type { AppPlan, RegionPlan } from './plan.ts';
import { Resources } from './resources.ts';
import { readRoles } from './roles.ts';
import { hostnameOf, readHealthChecks, readRecords } from './routing.ts';
import { readSchedules } from './schedules.ts';
import { type ReadTables, readTables } from './tables.ts';

/**
 * @param jurisdiction may be left out when the assembly holds only one
 * @throws Error naming stack, resource and property of whatever the emulators do not know
 */
export function readAssembly(assemblyDir: string, jurisdiction = onlyJurisdiction(assemblyDir)): AppPlan {
  const stacks = servingStacks(readStacks(assemblyDir, jurisdiction));
  const resources = Resources.of(stacks);
  const tables = readTables(resources);
  const records = readRecords(resources);
  const regions = resources
    .ofType('AWS::ApiGatewayV2::Api')
    .map(({ stack: { region, account } }) =>
      readRegion(resources.in(region), tables, { region, account, jurisdiction }),
    );
  const plan: AppPlan = {
    assemblyDir,
    jurisdiction,
    hostname: hostnameOf(records),
    regions,
    globalTables: tables.global,
    healthChecks: readHealthChecks(resources),
    records,
    alarms: readAlarms(resources, jurisdiction, regions),
  };
  resources.done();
  return plan;
}

/** The payer from outside stands in a Region that serves nobody: payers here are this machine's, and no Region is started for one. */
function servingStacks(stacks: readonly AssembledStack[]): readonly AssembledStack[] {
  const serving = stacks.filter(({ template }) =>
    Object.values(template.Resources).some(({ Type }) => Type === 'AWS::ApiGatewayV2::Api'),
  );
  const regions = new Set(serving.map(({ region }) => region));
  return stacks.filter(({ region }) => regions.has(region));
}

function readRegion(
  resources: Resources,
  tables: ReadTables,
  {
    region,
    account,
    jurisdiction,
  }: { readonly region: string; readonly account: string; readonly jurisdiction: string },
): RegionPlan {
  return {
    region,
    account,
    functions: readFunctions(resources),
    roles: readRoles(resources),
    httpApi: readHttpApi(resources),
    streamSources: readStreamSources(resources),
    queueSources: readQueueSources(resources),
    queues: readQueues(resources, jurisdiction),
    schedules: readSchedules(resources),
    mail: readMail(resources),
    paging: readPaging(resources),
    buckets: readBuckets(resources),
    certificates: readCertificates(resources),
    eventRules: readEventRules(resources),
    deploymentGroups: readDeploymentGroups(resources),
    tables: tables.regional.filter((one) => one.region === region).map(({ table }) => table),
    customResources: readCustomResources(resources),
  };
}

function onlyJurisdiction(assemblyDir: string): string {
  const found = jurisdictionsIn(assemblyDir);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(
      `${assemblyDir} holds stacks of ${found.length === 0 ? 'no jurisdiction' : found.join(' and ')}: name one that it holds`,
    );
  }
  return only;
}

// Owns Regions' DynamoDB endpoints for tests: plans with roles, real engines, real SDK clients.
// Leaves to the tests what is done with them.
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient as Client, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { GlobalTablePlan, RegionPlan, RolePlan, TablePlan } from '../../local/assembly/plan.ts';
import type { Denial } from '../../local/dynamodb/regional/permission.ts';
import { type RegionalDynamo, startRegionalDynamo } from '../../local/dynamodb/regional/start-regional-dynamo.ts';
import { freePort } from '../../local/free-port.ts';
import { authorize } from '../../local/iam/evaluate.ts';
import { roundTripsBetween } from '../../local/latency.ts';
import type { RegionProcessConfig } from '../../local/processes.ts';
import { EAST, LEDGER_PLAN, WEST } from './ledger-fixture.ts';

export const ACCOUNT = '111111111111';
export const PROFILES = 'baseload-us-profiles-g1';
export const VIEWS = 'baseload-us-views-g1';

const arn = (region: string, table: string): string => `arn:aws:dynamodb:${region}:${ACCOUNT}:table/${table}`;

const PROFILES_PLAN: GlobalTablePlan = {
  name: PROFILES,
  arn: arn(EAST, PROFILES),
  attributes: [{ name: 'pk', type: 'S' }],
  partitionKey: 'pk',
  localIndexes: [],
  consistency: 'EVENTUAL',
  replicas: [EAST, WEST].map((region) => ({ region, arn: arn(region, PROFILES) })),
};

const viewsPlan = (region: string): TablePlan => ({
  name: VIEWS,
  arn: arn(region, VIEWS),
  attributes: ['pk', 'sk', 'at'].map((name) => ({ name, type: 'S' })),
  partitionKey: 'pk',
  sortKey: 'sk',
  localIndexes: [{ name: 'by-time', sortKey: 'at' }],
});

/** One that may put facts and read views, one that may nothing. */
const roles = (region: string): RolePlan[] => [
  {
    name: 'payments',
    arn: `arn:aws:iam::${ACCOUNT}:role/payments`,
    accessKeyId: 'key-payments',
    statements: [
      { Effect: 'Allow', Action: ['dynamodb:PutItem'], Resource: [arn(region, LEDGER_PLAN.name)] },
      {
        Effect: 'Allow',
        Action: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem'],
        Resource: [arn(region, VIEWS)],
      },
    ],
  },
  { name: 'nobody', arn: `arn:aws:iam::${ACCOUNT}:role/nobody`, accessKeyId: 'key-nobody', statements: [] },
];

const plan = (region: string): RegionPlan => ({
  region,
  account: ACCOUNT,
  functions: [],
  roles: roles(region),
  httpApi: { apiId: 'api', routes: [], domains: [] },
  streamSources: [],
  queueSources: [],
  mail: { identities: [], configurationSets: [] },
  paging: { topics: [], callableByAlarms: [], asyncCalls: [] },
  buckets: [],
  certificates: [],
  eventRules: [],
  deploymentGroups: [],
  queues: [],
  schedules: [],
  customResources: [],
  tables: [viewsPlan(region)],
});

export interface RegionalPorts {
  readonly [region: string]: number;
}

export const regionalPorts = async (): Promise<RegionalPorts> => ({
  [EAST]: await freePort(),
  [WEST]: await freePort(),
});

export const regionalConfig = (
  region: string,
  directory: string,
  ports: RegionalPorts,
  ledgerGatewayUrl: string,
): RegionProcessConfig => ({
  jurisdiction: 'us',
  plan: plan(region),
  globalTables: [LEDGER_PLAN, PROFILES_PLAN],
  alarms: [],
  dataDir: join(directory, region),
  ports: { edge: 0, dynamodb: ports[region] ?? 0, engine: 0, admin: 0, sqs: 0, ses: 0, s3: 0 },
  ledgerGatewayUrl,
  processorUrl: 'http://127.0.0.1:1',
  issuerUrl: 'http://127.0.0.1:1',
  publicNames: { dnsPort: 1, hostnames: [], targets: {} },
  seed: 1,
  peers: [EAST, WEST]
    .filter((peer) => peer !== region)
    .map((peer) => ({ region: peer, dynamodbUrl: `http://127.0.0.1:${ports[peer]}` })),
  roundTripMs: roundTripsBetween([EAST, WEST]),
  isolated: false,
  clockOffsetMs: 0,
});

export const runRegional = (
  config: RegionProcessConfig,
  onDenied?: (denial: Denial) => void,
): Promise<RegionalDynamo> =>
  startRegionalDynamo({
    config,
    authorize,
    onDefect: (text) => process.stderr.write(`${text}\n`),
    ...(onDenied === undefined ? {} : { onDenied }),
  });

export const regionalClient = (config: RegionProcessConfig, accessKeyId = 'operator'): DynamoDBClient =>
  new Client({
    endpoint: `http://127.0.0.1:${config.ports.dynamodb}`,
    region: config.plan.region,
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });

export const putProfile = (client: DynamoDBClient, pk: string, name: string): Promise<unknown> =>
  client.send(new PutItemCommand({ TableName: PROFILES, Item: { pk: { S: pk }, name: { S: name } } }));

export const profileName = async (client: DynamoDBClient, pk: string): Promise<string | undefined> =>
  (await client.send(new GetItemCommand({ TableName: PROFILES, Key: { pk: { S: pk } } }))).Item?.name?.S;

// Owns the tables as tests on a bare engine need them: keys and index as the stacks declare them, names by names.ts.
// Leaves to lib/ everything else a table has on AWS.
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tableName } from '../../lambdas/shared/names.ts';

const JURISDICTION = 'us';
export const REGION = 'us-east-1';
/** An engine on loopback takes any key, but wants to see one. */
export const CREDENTIALS = { accessKeyId: 'operator', secretAccessKey: 'local' };

export const TABLES = {
  ledger: tableName(JURISDICTION, 'ledger'),
  views: tableName(JURISDICTION, 'views'),
  regionState: tableName(JURISDICTION, 'region-state'),
  requestCounts: tableName(JURISDICTION, 'request-counts'),
  sealWork: tableName(JURISDICTION, 'seal-work'),
  profiles: tableName(JURISDICTION, 'profiles'),
  catalog: tableName(JURISDICTION, 'catalog'),
  readings: tableName(JURISDICTION, 'readings'),
} as const;

const S = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' as const });
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' as const });

const definitions: readonly CreateTableCommandInput[] = [
  { TableName: TABLES.ledger, AttributeDefinitions: [S('pk'), S('sk')], KeySchema: [hash('pk'), range('sk')] },
  {
    TableName: TABLES.views,
    AttributeDefinitions: [S('pk'), S('sk'), S('at')],
    KeySchema: [hash('pk'), range('sk')],
    LocalSecondaryIndexes: [
      { IndexName: 'by-time', KeySchema: [hash('pk'), range('at')], Projection: { ProjectionType: 'ALL' } },
    ],
  },
  { TableName: TABLES.regionState, AttributeDefinitions: [S('pk')], KeySchema: [hash('pk')] },
  { TableName: TABLES.requestCounts, AttributeDefinitions: [S('pk')], KeySchema: [hash('pk')] },
  { TableName: TABLES.sealWork, AttributeDefinitions: [S('pk'), S('sk')], KeySchema: [hash('pk'), range('sk')] },
  { TableName: TABLES.catalog, AttributeDefinitions: [S('pk'), S('sk')], KeySchema: [hash('pk'), range('sk')] },
  { TableName: TABLES.profiles, AttributeDefinitions: [S('pk')], KeySchema: [hash('pk')] },
  { TableName: TABLES.readings, AttributeDefinitions: [S('pk'), S('sk')], KeySchema: [hash('pk'), range('sk')] },
];

/** A plain client of the engine, for what tests do behind the adapters' back. */
export const rawClient = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });

/** A table of the ledger's form beside the one in use. */
export const createLedgerTable = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  const keys = { AttributeDefinitions: [S('pk'), S('sk')], KeySchema: [hash('pk'), range('sk')] };
  await client.send(new CreateTableCommand({ ...keys, TableName, BillingMode: 'PAY_PER_REQUEST' }));
};

/** Creates the tables. */
export const createTables = async (endpoint: string): Promise<void> => {
  const client = rawClient(endpoint);
  for (const definition of definitions) {
    await client.send(new CreateTableCommand({ ...definition, BillingMode: 'PAY_PER_REQUEST' }));
  }
  client.destroy();
};

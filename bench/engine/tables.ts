// Owns the tables that are measured on: keys and index as the stacks declare them, and what the other recipes need.
// Leaves to lib/ everything else a table has on AWS.
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { tableName } from '../../lambdas/shared/names.ts';

export const JURISDICTION = 'us';
export const REGION = 'us-east-1';
export const PEER = 'us-west-2';

export const TABLES = {
  ledger: tableName(JURISDICTION, 'ledger'),
  views: tableName(JURISDICTION, 'views'),
  regionState: tableName(JURISDICTION, 'region-state'),
  requestCounts: tableName(JURISDICTION, 'request-counts'),
  sealWork: tableName(JURISDICTION, 'seal-work'),
  /** Of the recipe with Powertools: the ledger's entries and the accounts' balances. */
  recipeLedger: 'recipe-ledger',
  /** Of the same: the locks and kept answers. */
  recipeIdempotency: 'recipe-idempotency',
  castore: 'recipe-castore',
} as const;

type KeyType = 'S' | 'N';
const attribute = (AttributeName: string, AttributeType: KeyType = 'S') => ({ AttributeName, AttributeType });
const key = (hash: string, range?: string): Required<Pick<CreateTableCommandInput, 'KeySchema'>> => ({
  KeySchema: [
    { AttributeName: hash, KeyType: 'HASH' },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
  ],
});
const byPartAndSort = { AttributeDefinitions: [attribute('pk'), attribute('sk')], ...key('pk', 'sk') };
const byPart = { AttributeDefinitions: [attribute('pk')], ...key('pk') };

type Definition = Omit<CreateTableCommandInput, 'BillingMode'>;
type Create = (input: CreateTableCommandInput) => Promise<unknown>;

const viewsNamed = (TableName: string): Definition => ({
  TableName,
  ...byPartAndSort,
  AttributeDefinitions: [...byPartAndSort.AttributeDefinitions, attribute('at')],
  LocalSecondaryIndexes: [{ IndexName: 'by-time', ...key('pk', 'at'), Projection: { ProjectionType: 'ALL' } }],
});

const DEFINITIONS: readonly Definition[] = [
  { TableName: TABLES.ledger, ...byPartAndSort },
  viewsNamed(TABLES.views),
  { TableName: TABLES.sealWork, ...byPartAndSort },
  { TableName: TABLES.regionState, ...byPart },
  { TableName: TABLES.requestCounts, ...byPart },
  { TableName: TABLES.recipeLedger, ...byPartAndSort },
  { TableName: TABLES.recipeIdempotency, AttributeDefinitions: [attribute('id')], ...key('id') },
  {
    TableName: TABLES.castore,
    AttributeDefinitions: [
      attribute('aggregateId'),
      attribute('version', 'N'),
      attribute('eventStoreId'),
      attribute('timestamp'),
    ],
    ...key('aggregateId', 'version'),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'initialEvents',
        ...key('eventStoreId', 'timestamp'),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  },
];

const create = (make: Create, definition: Definition): Promise<unknown> =>
  make({ ...definition, BillingMode: 'PAY_PER_REQUEST' });

export const createTables = async (make: Create): Promise<void> => {
  for (const definition of DEFINITIONS) await create(make, definition);
};

/** An empty view beside the one in use. */
export const createViewsTable = async (make: Create, name: string): Promise<void> => {
  await create(make, viewsNamed(name));
};

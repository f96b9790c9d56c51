// Owns how a table of the plan becomes a table of an engine, and the ARNs an engine invents become the Region's own.
// Leaves to the gateways what is true of a table beyond one engine: replicas, streams, consistency.
import type { TablePlan } from '../assembly/plan.ts';
import type { DynamoConnection } from './engine-client.ts';

type EngineTable = Pick<
  TablePlan,
  'name' | 'attributes' | 'partitionKey' | 'sortKey' | 'localIndexes' | 'ttlAttribute'
>;

const keySchema = (partitionKey: string, sortKey: string | undefined): object[] => [
  { AttributeName: partitionKey, KeyType: 'HASH' },
  ...(sortKey === undefined ? [] : [{ AttributeName: sortKey, KeyType: 'RANGE' }]),
];

const createTable = async (engine: DynamoConnection, table: EngineTable): Promise<void> => {
  await engine.must('CreateTable', {
    TableName: table.name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: table.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: keySchema(table.partitionKey, table.sortKey),
    ...(table.localIndexes.length === 0
      ? {}
      : {
          LocalSecondaryIndexes: table.localIndexes.map((index) => ({
            IndexName: index.name,
            KeySchema: keySchema(table.partitionKey, index.sortKey),
            Projection: { ProjectionType: 'ALL' },
          })),
        }),
  });
  if (table.ttlAttribute !== undefined) {
    await engine.must('UpdateTimeToLive', {
      TableName: table.name,
      TimeToLiveSpecification: { Enabled: true, AttributeName: table.ttlAttribute },
    });
  }
};

/** Every table's name, page by page. */
export const tableNames = async (engine: DynamoConnection): Promise<readonly string[]> => {
  const names: string[] = [];
  let after: string | undefined;
  do {
    const page = await engine.must<{ TableNames: string[]; LastEvaluatedTableName?: string }>(
      'ListTables',
      after === undefined ? {} : { ExclusiveStartTableName: after },
    );
    names.push(...page.TableNames);
    after = page.LastEvaluatedTableName;
  } while (after !== undefined);
  return names;
};

/** Creates the tables that are not there yet; a table that is there is left as it is. */
export const createMissingTables = async (engine: DynamoConnection, tables: readonly EngineTable[]): Promise<void> => {
  const present = new Set(await tableNames(engine));
  for (const table of tables) {
    if (!present.has(table.name)) await createTable(engine, table);
  }
};

/** The engine's description with its invented region and account replaced by those of `arn`. */
export const withOwnArns = (description: string, arn: string): string => {
  const [, , , region, account] = arn.split(':');
  return description.replaceAll(/arn:aws:dynamodb:[^:"]*:[^:"]*:/g, `arn:aws:dynamodb:${region}:${account}:`);
};

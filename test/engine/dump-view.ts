// Owns what a views table holds, as lines that two tables can be compared by, byte for byte.
// Leaves to its callers which table should equal which.
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { CREDENTIALS, REGION, TABLES } from './tables.ts';

/** One row with its attributes in order of their names; numbers as DynamoDB writes them, strings quoted. */
export const viewLine = (attributes: Readonly<Record<string, string | number | bigint>>): string =>
  Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? JSON.stringify(value) : value}`)
    .join(' ');

/** Every row of a views table, sorted by account and sort key. `accessKeyId`: a local Region knows its callers by it. */
export const dumpView = async (
  endpoint: string,
  {
    table = TABLES.views,
    region = REGION,
    accessKeyId = CREDENTIALS.accessKeyId,
  }: { table?: string; region?: string; accessKeyId?: string } = {},
): Promise<readonly string[]> => {
  const client = new DynamoDBClient({ endpoint, region, credentials: { ...CREDENTIALS, accessKeyId } });
  const lines: { readonly key: string; readonly line: string }[] = [];
  for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const item of page.Items ?? []) {
      const values = Object.entries(item).map(([name, { S, N }]) => [name, N === undefined ? (S ?? '?') : BigInt(N)]);
      lines.push({ key: `${item.pk?.S}\n${item.sk?.S}`, line: viewLine(Object.fromEntries(values)) });
    }
  }
  client.destroy();
  return lines.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ line }) => line);
};

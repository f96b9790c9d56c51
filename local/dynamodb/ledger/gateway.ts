// Owns the DynamoDB endpoint of the ledger as one Region sees it: which path serves which operation.
// Leaves to the Region's own endpoint who may ask, to the paths what is answered.
import { setTimeout as pause } from 'node:timers/promises';
import { AwsRefusal, answer, operationOf, parseBody, passedOn, type Reply, type RequestBody } from '../protocol.ts';
import type { WireHandler } from '../wire-server.ts';
import type { CommittedStore } from './committed-store.ts';
import { describeTable } from './describe.ts';
import type { Faults } from './faults.ts';
import type { RegionTables } from './ledger-table.ts';
import type { ReadPath } from './read-path.ts';
import { refuseUnsupported } from './refusals.ts';
import type { StreamsApi } from './streams-api.ts';
import type { WritePath } from './write-path.ts';

export interface GatewayParts {
  readonly tables: RegionTables;
  readonly store: CommittedStore;
  readonly reads: ReadPath;
  readonly writes: WritePath;
  readonly streams: StreamsApi;
  readonly faults: Faults;
}

/** What DynamoDB says when on-demand capacity runs out. */
const throttled = (): AwsRefusal =>
  new AwsRefusal(
    400,
    'ThrottlingException',
    'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html',
  );

export const ledgerGateway =
  (parts: GatewayParts): WireHandler =>
  async (request, raw) => {
    const operation = operationOf(request);
    if (operation === undefined)
      throw new AwsRefusal(400, 'UnknownOperationException', 'X-Amz-Target names no operation of DynamoDB');
    const body = parseBody(raw);
    if (operation.service === 'streams') return parts.streams.serve(operation.name, body);
    refuseUnsupported(operation.name, body, parts.tables);
    return data(parts, operation.name, body, raw);
  };

/** The sort key that a request on one item names, for faults that are limited to some. */
const namedSortKeys = (parts: GatewayParts, body: RequestBody): readonly string[] => {
  const item = (body.Key ?? body.Item) as Readonly<Record<string, { readonly S?: unknown }>> | undefined;
  const sortKey = item === undefined ? undefined : parts.tables.of(body).schema.sortKey;
  const value = sortKey === undefined ? undefined : item?.[sortKey]?.S;
  return typeof value === 'string' ? [value] : [];
};

const data = async (parts: GatewayParts, operation: string, body: RequestBody, raw: Buffer): Promise<Reply> => {
  const { faults, reads, store, tables, writes } = parts;
  const sortKeys = namedSortKeys(parts, body);
  const delayMs = faults.takeDelayMs(tables.region, sortKeys);
  if (delayMs > 0) await pause(delayMs);
  if (faults.take('silent', tables.region, sortKeys)) return { kind: 'silent' };
  if (faults.take('throttle', tables.region, sortKeys)) throw throttled();
  switch (operation) {
    case 'GetItem':
      return reads.getItem(body, raw);
    case 'Query':
      return reads.query(body, raw);
    case 'Scan':
      return reads.scan(body, raw);
    case 'BatchGetItem':
      return reads.batchGet(body);
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return writes.item(operation, body, raw);
    case 'BatchWriteItem':
      return writes.batch(body);
    case 'DescribeTable':
      return describeTable(store.engine, tables, body);
    case 'ListTables':
      return answer({ TableNames: tables.all().map((table) => table.plan.name) });
    default:
      return passedOn(await store.engine.raw(operation, raw));
  }
};

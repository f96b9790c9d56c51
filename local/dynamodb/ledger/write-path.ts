// Owns a write in one Region: conflict with another Region, round trip, commit, and the faults that can hit it.
// Leaves to committed-store.ts the commit itself.

import type { Item } from '../images.ts';
import { AwsRefusal, answer, notEmulated, passedOn, type Reply, type RequestBody, validation } from '../protocol.ts';
import type { Claims } from './claims.ts';
import {
  type CommittedStore,
  type ItemOperation,
  type ItemWrite,
  type WriteResult,
  writtenItem,
  writtenKey,
} from './committed-store.ts';
import type { Faults } from './faults.ts';
import type { RegionTables } from './ledger-table.ts';
import type { Quorum } from './quorum.ts';
import type { Replica } from './replica.ts';

const writeConflict = (): AwsRefusal =>
  new AwsRefusal(
    400,
    'ReplicatedWriteConflictException',
    'The request was rejected because one or more items in the request are being modified by a request in another Region.',
  );

export interface WritePathParts {
  readonly tables: RegionTables;
  readonly store: CommittedStore;
  readonly quorum: Quorum;
  readonly claims: Claims;
  readonly faults: Faults;
  readonly replica: Replica;
}

export class WritePath {
  constructor(private readonly parts: WritePathParts) {}

  /** PutItem, UpdateItem, DeleteItem. */
  async item(operation: ItemOperation, body: RequestBody, raw: Buffer | string): Promise<Reply> {
    const { faults, tables } = this.parts;
    const write = this.itemWrite(operation, body, raw);
    const result = await this.write(write);
    if (result.committed && faults.take('lost-answer', tables.region, sortKeys(write))) return { kind: 'dropped' };
    return passedOn(result.answer);
  }

  /** Each put and delete is a write of its own, as in DynamoDB; those in conflict come back unprocessed. */
  async batch(body: RequestBody): Promise<Reply> {
    if (body.ReturnConsumedCapacity !== undefined && body.ReturnConsumedCapacity !== 'NONE') {
      throw notEmulated('ReturnConsumedCapacity of BatchWriteItem on an MRSC table');
    }
    const requests = Object.entries(
      (body.RequestItems ?? {}) as Readonly<Record<string, readonly BatchRequest[]>>,
    ).flatMap(([table, writes]) => writes.map((request) => ({ table, request })));
    if (requests.length === 0 || requests.length > 25) {
      throw validation(
        `1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Member must have length between 1 and 25, got ${requests.length}`,
      );
    }
    const unprocessed: Record<string, BatchRequest[]> = {};
    await Promise.all(
      requests.map(async ({ table, request }) => {
        const [operation, part]: [ItemOperation, object] =
          request.PutRequest === undefined
            ? ['DeleteItem', { Key: request.DeleteRequest?.Key }]
            : ['PutItem', { Item: request.PutRequest.Item }];
        const single = { TableName: table, ...part };
        try {
          const { answer } = await this.write(this.itemWrite(operation, single, JSON.stringify(single)));
          if (answer.status !== 200) throw new AwsRefusal(answer.status, ...errorOf(answer.body));
        } catch (error) {
          if (!(error instanceof AwsRefusal) || error.type !== 'ReplicatedWriteConflictException') throw error;
          unprocessed[table] = [...(unprocessed[table] ?? []), request];
        }
      }),
    );
    return answer({ UnprocessedItems: unprocessed });
  }

  private itemWrite(operation: ItemOperation, body: RequestBody, raw: Buffer | string): ItemWrite {
    const { tables, faults } = this.parts;
    const write = { operation, table: tables.of(body), body, raw, origin: tables.region };
    return { ...write, isWitnessOnly: () => faults.take('witness-only', tables.region, sortKeys(write)) };
  }

  private async write(write: ItemWrite): Promise<WriteResult> {
    const { claims, faults, quorum, replica, store, tables } = this.parts;
    const item = writtenItem(write)?.item;
    const isConflicting =
      faults.take('write-conflict', tables.region, sortKeys(write)) ||
      (item !== undefined && !claims.enter(item, tables.region));
    if (isConflicting) {
      return quorum.through(write.table, () => Promise.reject(writeConflict()));
    }
    try {
      return await quorum.through(write.table, () => {
        // Whoever writes asks a quorum, and learns from it what only the witness held of this item.
        replica.release((entry) => entry.item === item);
        return store.write(write);
      });
    } finally {
      if (item !== undefined) claims.leave(item);
    }
  }
}

interface BatchRequest {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

const errorOf = (body: string): [string, string] => {
  const { __type = '', message = '' } = JSON.parse(body) as { __type?: string; message?: string };
  return [__type.split('#').at(-1) ?? '', message];
};

/** The item's sort key, for faults that are limited to some. */
const sortKeys = (write: Pick<ItemWrite, 'operation' | 'table' | 'body'>): readonly string[] => {
  const sortKey = write.table.schema.sortKey;
  const value = sortKey === undefined ? undefined : writtenKey(write)?.[sortKey]?.S;
  return typeof value === 'string' ? [value] : [];
};

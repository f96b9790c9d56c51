// Owns the ledger table: one item per fact, one conditional put per append, strong reads.
// Leaves to domain/decide.ts what may be appended, to stored-fact.ts which item may be served.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { Fact } from '../../domain/facts.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { FactKey, StreamId } from '../../domain/keys.ts';
import type { AppendResult, EventLog, FactPage } from '../../ports/event-log.ts';
import { SEAL_KEY_PREFIX } from '../../shared/names.ts';
import { fromCursor } from '../cursor.ts';
import { readable, type StoredFact, storeFact } from '../stored-fact.ts';
import { type Dynamo, type DynamoCall, RequestFailed } from './client.ts';
import { fromItem, type Item, toItem } from './fact-item.ts';
import { beginningWith, queryPage, queryUpTo } from './paging.ts';
import { ledgerUnavailable, ledgerUnreadable } from './unavailable.ts';

/** Ordinals have three digits. */
const MAX_STREAM_LENGTH = 1000;
const ALL_KEYS = { from: '', to: '\u007f' };

export class DynamoEventLog implements EventLog {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  append(fact: Fact): Promise<AppendResult> {
    const stored = storeFact(fact);
    return this.dynamo.call(ledgerUnavailable, async (call) => {
      try {
        await call.put({
          TableName: this.table,
          Item: toItem(stored),
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        });
        return { kind: 'appended' };
      } catch (failure) {
        const held = await this.#occupant(call, stored, failure);
        if (!(failure instanceof RequestFailed) || held === undefined) throw failure;
        const occupying = fromItem(held);
        // The SDK's retry of a put that was carried out fails its own condition: that is the first answer, not a replay.
        const own = held.body?.S === stored.body && failure.attempts.mayHaveWritten;
        return own ? { kind: 'appended' } : { kind: 'occupied', fact: occupying };
      }
    });
  }

  async readFact(accountId: AccountId, key: FactKey): Promise<Fact | undefined> {
    const item = await this.dynamo.call(ledgerUnreadable, (call) => this.#get(call, accountId, key));
    return item && fromItem(item);
  }

  async readStream(accountId: AccountId, stream: StreamId): Promise<readonly Fact[]> {
    const items = await this.dynamo.call(ledgerUnreadable, (call) =>
      queryUpTo(call, { TableName: this.table, ...beginningWith(accountId, `${stream}#`) }, MAX_STREAM_LENGTH),
    );
    return items.map(fromItem);
  }

  readAccount(accountId: AccountId, page: { readonly limit: number; readonly cursor?: string }): Promise<FactPage> {
    const after = page.cursor === undefined ? undefined : fromCursor(page.cursor, ALL_KEYS);
    return this.dynamo.call(ledgerUnreadable, (call) =>
      queryPage(
        call,
        {
          TableName: this.table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: accountId } },
          ConsistentRead: true,
          ...(after === undefined ? {} : { ExclusiveStartKey: { pk: { S: accountId }, sk: { S: after } } }),
        },
        { limit: page.limit, sortKey: 'sk' },
      ),
    );
  }

  scan({ limit, cursor, segment, onCorrupt }: Parameters<EventLog['scan']>[0]): Promise<FactPage> {
    return this.dynamo.call(ledgerUnreadable, async (call) => {
      const { Items = [], LastEvaluatedKey } = await call.scan({
        TableName: this.table,
        Limit: limit,
        ConsistentRead: true,
        FilterExpression: 'NOT begins_with(pk, :heartbeat) AND NOT begins_with(pk, :seal)',
        ExpressionAttributeValues: { ':heartbeat': { S: 'hb#' }, ':seal': { S: SEAL_KEY_PREFIX } },
        ...(segment === undefined ? {} : { Segment: segment.index, TotalSegments: segment.of }),
        ...(cursor === undefined ? {} : { ExclusiveStartKey: scanKey(cursor) }),
      });
      const facts = onCorrupt === undefined ? Items.map(fromItem) : readable(Items, fromItem, onCorrupt);
      return LastEvaluatedKey === undefined ? { facts } : { facts, cursor: scanCursor(LastEvaluatedKey) };
    });
  }

  /** What holds the ordinal after a failed put; undefined when the put failed for another reason than being late. */
  async #occupant(call: DynamoCall, { pk, sk }: StoredFact, failure: unknown): Promise<Item | undefined> {
    if (!(failure instanceof RequestFailed)) return undefined;
    if (failure.cause instanceof ConditionalCheckFailedException && failure.cause.Item) return failure.cause.Item;
    if (failure.exception !== 'ReplicatedWriteConflictException') return undefined;
    // Every retry lost against a write of the other Region: that one may have been stored by now, and only it can tell.
    // If nothing is there, or the read fails too, the put's own attempts say whether it can still have happened.
    return this.#get(call, pk, sk).catch(() => undefined);
  }

  async #get(call: DynamoCall, accountId: string, key: string): Promise<Item | undefined> {
    const Key = { pk: { S: accountId }, sk: { S: key } };
    return (await call.get({ TableName: this.table, Key, ConsistentRead: true })).Item;
  }
}

const scanCursor = ({ pk, sk }: Item): string => Buffer.from(JSON.stringify([pk?.S, sk?.S])).toString('base64url');

const scanKey = (cursor: string): Item => {
  const [pk, sk] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string];
  return { pk: { S: pk }, sk: { S: sk } };
};

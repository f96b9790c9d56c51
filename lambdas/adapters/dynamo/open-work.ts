// Owns reading the rows of open work of the views table, a shard at a time.
// Leaves to view-apply.ts how they get there and go.
import type { OpenStream, OpenWorkIndex } from '../../ports/open-work.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { openStreamOf, openWorkPartition } from '../view-rows.ts';
import type { Dynamo } from './client.ts';
import { queryUpTo } from './paging.ts';
import { viewUnavailable } from './unavailable.ts';

/** Account ids and streams are ASCII letters, digits and signs below `~`. */
const ALL = { from: '', to: '~' };

export class DynamoOpenWork implements OpenWorkIndex {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async open(shard: number, { limit, cursor }: { readonly limit: number; readonly cursor?: string }) {
    const after = cursor === undefined ? undefined : fromCursor(cursor, ALL);
    const items = await this.dynamo.call(viewUnavailable, (call) =>
      queryUpTo(
        call,
        {
          TableName: this.table,
          ConsistentRead: true,
          KeyConditionExpression: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
          ExpressionAttributeValues: {
            ':pk': { S: openWorkPartition(shard) },
            ...(after === undefined ? {} : { ':after': { S: after } }),
          },
        },
        limit + 1,
      ),
    );
    const keys = items.map((item) => item.sk?.S ?? '');
    const streams: readonly OpenStream[] = keys.slice(0, limit).map(openStreamOf);
    const last = keys.length > limit ? keys[limit - 1] : undefined;
    return last === undefined ? { streams } : { streams, cursor: toCursor(last) };
  }
}

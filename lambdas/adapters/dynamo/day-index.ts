// Owns reading the rows of the views table by which facts are found by their day.
// Leaves to view-apply.ts how they get there.
import type { IsoDate } from '../../domain/ids.ts';
import type { DayIndex, PlacePage } from '../../ports/day-index.ts';
import { fromCursor, type KeyRange, toCursor } from '../cursor.ts';
import { ALL_PLACES, differencesPartition, outcomeRange, placeOf } from '../view-rows.ts';
import type { Dynamo } from './client.ts';
import { queryUpTo } from './paging.ts';
import { viewUnavailable } from './unavailable.ts';

interface Paging {
  readonly limit: number;
  readonly cursor?: string;
}

export class DynamoDayIndex implements DayIndex {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async outcomes(shard: number, page: Paging & { readonly fromMs: number; readonly toMs: number }): Promise<PlacePage> {
    const { pk, ...range } = outcomeRange(shard, page);
    return this.#page(pk, range, page);
  }

  async differences(window: IsoDate, page: Paging): Promise<PlacePage> {
    return this.#page(differencesPartition(window), ALL_PLACES, page);
  }

  async #page(pk: string, range: KeyRange, { limit, cursor }: Paging): Promise<PlacePage> {
    // BETWEEN has both its ends; no key equals the end of a range, and the last one of the page before is left out below.
    const from = cursor === undefined ? range.from : fromCursor(cursor, range);
    const items = await this.dynamo.call(viewUnavailable, (call) =>
      queryUpTo(
        call,
        {
          TableName: this.table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': { S: pk }, ':from': { S: from }, ':to': { S: range.to } },
        },
        limit + 2,
      ),
    );
    const keys = items.map((item) => item.sk?.S ?? '').filter((key) => cursor === undefined || key !== from);
    const places = keys.slice(0, limit).map(placeOf);
    const last = keys.length > limit ? keys[limit - 1] : undefined;
    return last === undefined ? { places } : { places, cursor: toCursor(last) };
  }
}

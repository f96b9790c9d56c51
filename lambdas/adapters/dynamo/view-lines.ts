// Owns the lines of the views table, read by the hundred and put one by one.
// Leaves to view-apply.ts how a fact enters a view together with its sums.
import type { Fact } from '../../domain/facts.ts';
import type { FactPlace } from '../../ports/day-index.ts';
import { CorruptFact } from '../../ports/event-log.ts';
import type { ViewLine, ViewLines } from '../../ports/view-lines.ts';
import { ViewUnavailable } from '../../ports/view-store.ts';
import { viewFact } from '../view-rows.ts';
import { untilWhole } from './batches.ts';
import type { Dynamo, DynamoCall } from './client.ts';
import { fromItem, type Item, toItem } from './fact-item.ts';
import { viewUnavailable } from './unavailable.ts';

/** DynamoDB takes so many keys in one batch. */
const KEYS_PER_BATCH = 100;

const keyOf = ({ accountId, key }: FactPlace): Item => ({ pk: { S: accountId }, sk: { S: key } });

const lineOf = (item: Item): ViewLine => {
  try {
    return { kind: 'held', fact: fromItem(item) };
  } catch (error) {
    if (error instanceof CorruptFact) return { kind: 'damaged', reason: error.reason };
    throw error;
  }
};

export class DynamoViewLines implements ViewLines {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async lines(places: readonly FactPlace[]): Promise<ReadonlyMap<string, ViewLine>> {
    const lines = new Map<string, ViewLine>();
    for (let from = 0; from < places.length; from += KEYS_PER_BATCH) {
      const keys = places.slice(from, from + KEYS_PER_BATCH).map(keyOf);
      for (const item of await this.dynamo.call(viewUnavailable, (call) => this.#batch(call, keys))) {
        lines.set(`${item.pk?.S}|${item.sk?.S}`, lineOf(item));
      }
    }
    return lines;
  }

  async putLine(fact: Fact): Promise<void> {
    const row = viewFact(fact);
    const Item = { ...toItem(row), at: { S: row.at } };
    await this.dynamo.call(viewUnavailable, (call) => call.put({ TableName: this.table, Item }));
  }

  async #batch(call: DynamoCall, keys: readonly Item[]): Promise<readonly Item[]> {
    const items: Item[] = [];
    // A batch gives 16 MB at most, and what was not throttled.
    const left = await untilWhole(keys, async (asked) => {
      const Keys = [...asked];
      const answer = await call.batchGet({ RequestItems: { [this.table]: { Keys, ConsistentRead: true } } });
      items.push(...(answer.Responses?.[this.table] ?? []));
      return answer.UnprocessedKeys?.[this.table]?.Keys ?? [];
    });
    if (left > 0) throw new ViewUnavailable(`${left} line(s) were not given, however often: ask again`);
    return items;
  }
}

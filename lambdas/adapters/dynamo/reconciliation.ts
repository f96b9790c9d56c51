// Owns the rows `reconcile#<day>` of the region-state table.
// Leaves to lambdas/reconcile what the parts are: the function runs once at a time in a Region, so nothing is conditional.
import type { IsoDate } from '../../domain/ids.ts';
import type { ReconciliationProgress } from '../../ports/reconciliation.ts';
import type { Dynamo } from './client.ts';
import { regionStateUnavailable } from './unavailable.ts';

const keyOf = (window: IsoDate) => ({ pk: { S: `reconcile#${window}` } });

export class DynamoReconciliationProgress implements ReconciliationProgress {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async partsDone(window: IsoDate): Promise<number> {
    const { Item } = await this.dynamo.call(regionStateUnavailable, (call) =>
      call.get({ TableName: this.table, Key: keyOf(window), ConsistentRead: true }),
    );
    return Number(Item?.parts?.N ?? 0);
  }

  async setPartsDone(window: IsoDate, parts: number): Promise<void> {
    const Item = { ...keyOf(window), parts: { N: String(parts) } };
    await this.dynamo.call(regionStateUnavailable, (call) => call.put({ TableName: this.table, Item }));
  }
}

// Owns the region-state table: one item of watermarks per Region, one item per evacuated Region.
// Leaves to the stream function and the operator when these change.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { RegionState } from '../../ports/region-state.ts';
import type { Dynamo } from './client.ts';
import { regionStateUnavailable } from './unavailable.ts';

const WATERMARK = /^h(\d\d)$/;
const watermarkKey = (region: string) => ({ pk: { S: `watermark#${region}` } });
const evacuatedKey = (region: string) => ({ pk: { S: `evacuated#${region}` } });

export class DynamoRegionState implements RegionState {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async advanceWatermark(region: string, index: number, atMs: number): Promise<void> {
    await this.dynamo.writeIf(regionStateUnavailable, (call) =>
      // Not written over a newer one: a stream may repeat or overtake.
      call.update({
        TableName: this.table,
        Key: watermarkKey(region),
        UpdateExpression: 'SET #h = :at',
        ConditionExpression: 'attribute_not_exists(#h) OR #h < :at',
        ExpressionAttributeNames: { '#h': `h${String(index).padStart(2, '0')}` },
        ExpressionAttributeValues: { ':at': { N: String(atMs) } },
      }),
    );
  }

  async watermarks(region: string): Promise<ReadonlyMap<number, number>> {
    const item = await this.#read(watermarkKey(region));
    const marks = new Map<number, number>();
    for (const [attribute, value] of Object.entries(item ?? {})) {
      const index = WATERMARK.exec(attribute)?.[1];
      if (index !== undefined && value.N !== undefined) marks.set(Number(index), Number(value.N));
    }
    return marks;
  }

  async isEvacuated(region: string): Promise<boolean> {
    return (await this.#read(evacuatedKey(region))) !== undefined;
  }

  async setEvacuated(region: string, evacuated: boolean): Promise<void> {
    const Item = evacuatedKey(region);
    await this.dynamo.call<unknown>(regionStateUnavailable, (call) =>
      evacuated ? call.put({ TableName: this.table, Item }) : call.delete({ TableName: this.table, Key: Item }),
    );
  }

  async #read(Key: Record<string, AttributeValue>): Promise<Record<string, AttributeValue> | undefined> {
    const { Item } = await this.dynamo.call(regionStateUnavailable, (call) =>
      call.get({ TableName: this.table, Key, ConsistentRead: true }),
    );
    return Item;
  }
}

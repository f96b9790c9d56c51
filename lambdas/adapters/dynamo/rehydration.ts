// Owns the row `rehydration` of the region-state table: every change of it is conditional, so that two workers do no harm.
// Leaves to lambdas/rehydrate-view what is done between two changes.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  REHYDRATION_SEGMENTS,
  type Rehydration,
  type RehydrationReason,
  type Rehydrations,
  type Replaceable,
  type SegmentProgress,
} from '../../ports/rehydration.ts';
import type { Dynamo } from './client.ts';
import { regionStateUnavailable } from './unavailable.ts';

const Key = { pk: { S: 'rehydration' } };
const SEGMENT_NAMES = Array.from({ length: REHYDRATION_SEGMENTS }, (_, segment) => `segment${segment}`);
const CURSOR = 'at:';

const textOf = (progress: SegmentProgress): string =>
  progress.kind === 'at' ? `${CURSOR}${progress.cursor}` : progress.kind;

const progressOf = (text: string | undefined): SegmentProgress => {
  if (text === 'done') return { kind: 'done' };
  return text?.startsWith(CURSOR) ? { kind: 'at', cursor: text.slice(CURSOR.length) } : { kind: 'start' };
};

const rowOf = (
  { state, reason, startedAtMs, factsApplied }: Omit<Rehydration, 'segments' | 'factsCorrupt'>,
  segment: SegmentProgress,
): Record<string, AttributeValue> => ({
  ...Key,
  state: { S: state },
  reason: { S: reason },
  startedAtMs: { N: String(startedAtMs) },
  factsApplied: { N: String(factsApplied) },
  factsCorrupt: { N: '0' },
  ...Object.fromEntries(SEGMENT_NAMES.map((name) => [name, { S: textOf(segment) }])),
});

/** The condition under which a run may be begun, and its values. */
const conditionOf = (replaceable: Replaceable) => {
  if (replaceable === 'none') return { ConditionExpression: 'attribute_not_exists(pk)' };
  if (replaceable === 'done') {
    return {
      ConditionExpression: 'attribute_not_exists(pk) OR #state = :current',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':current': { S: 'current' } },
    };
  }
  return {
    ConditionExpression: 'attribute_not_exists(pk) OR startedAtMs < :before',
    ExpressionAttributeValues: { ':before': { N: String(replaceable.startedBeforeMs) } },
  };
};

export class DynamoRehydrations implements Rehydrations {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async read(): Promise<Rehydration | undefined> {
    const { Item } = await this.dynamo.call(regionStateUnavailable, (call) =>
      call.get({ TableName: this.table, Key, ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    return {
      state: Item.state?.S === 'current' ? 'current' : 'rehydrating',
      reason: (Item.reason?.S ?? 'asked') as RehydrationReason,
      startedAtMs: Number(Item.startedAtMs?.N ?? 0),
      factsApplied: Number(Item.factsApplied?.N ?? 0),
      factsCorrupt: Number(Item.factsCorrupt?.N ?? 0),
      segments: SEGMENT_NAMES.map((name) => progressOf(Item[name]?.S)),
    };
  }

  begin(reason: RehydrationReason, startedAtMs: number, replaceable: Replaceable): Promise<boolean> {
    const Item = rowOf({ state: 'rehydrating', reason, startedAtMs, factsApplied: 0 }, { kind: 'start' });
    return this.dynamo.writeIf(regionStateUnavailable, (call) =>
      call.put({ TableName: this.table, Item, ...conditionOf(replaceable) }),
    );
  }

  async declareCurrent(startedAtMs: number, factsApplied: number): Promise<void> {
    const Item = rowOf({ state: 'current', reason: 'new-view', startedAtMs, factsApplied }, { kind: 'done' });
    await this.dynamo.writeIf(regionStateUnavailable, (call) =>
      call.put({ TableName: this.table, Item, ...conditionOf('none') }),
    );
  }

  advance(
    { startedAtMs }: Pick<Rehydration, 'startedAtMs'>,
    segment: number,
    { from, to, applied, corrupt }: Parameters<Rehydrations['advance']>[2],
  ): Promise<boolean> {
    return this.dynamo.writeIf(regionStateUnavailable, (call) =>
      call.update({
        TableName: this.table,
        Key,
        UpdateExpression: 'SET #segment = :to ADD factsApplied :applied, factsCorrupt :corrupt',
        ConditionExpression: 'startedAtMs = :run AND #segment = :from',
        ExpressionAttributeNames: { '#segment': SEGMENT_NAMES[segment] ?? '' },
        ExpressionAttributeValues: {
          ':run': { N: String(startedAtMs) },
          ':from': { S: textOf(from) },
          ':to': { S: textOf(to) },
          ':applied': { N: String(applied) },
          ':corrupt': { N: String(corrupt) },
        },
      }),
    );
  }

  async finish({ startedAtMs }: Pick<Rehydration, 'startedAtMs'>): Promise<void> {
    await this.dynamo.writeIf(regionStateUnavailable, (call) =>
      call.update({
        TableName: this.table,
        Key,
        UpdateExpression: 'SET #state = :current',
        ConditionExpression: ['startedAtMs = :run', ...SEGMENT_NAMES.map((name) => `${name} = :done`)].join(' AND '),
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':run': { N: String(startedAtMs) },
          ':current': { S: 'current' },
          ':done': { S: 'done' },
        },
      }),
    );
  }
}

// Owns DynamoDB Streams of one Region's replicas: what has been applied here, ordered per item only.
// Leaves to replica.ts the moment and order of applying.
import { parseItem } from '../images.ts';
import { AwsRefusal, answer, type Reply, type RequestBody, resourceNotFound, validation } from '../protocol.ts';
import { STREAM_VIEW_TYPE, streamLabel } from './describe.ts';
import { type LedgerTable, type RegionTables, tableNameOf } from './ledger-table.ts';
import type { Replica } from './replica.ts';
import { iteratorText, parseIterator, positionOf, sequenceNumber, shardId, shardOf } from './stream-iterator.ts';
import { SHARD_COUNT, type StreamRecord, type StreamShards } from './stream-shards.ts';

const RECORD_LIMIT = 1000;
/** GetRecords answers with at most 1 MB. */
const BYTE_LIMIT = 1_000_000;

interface Stream {
  readonly arn: string;
  readonly table: LedgerTable;
  readonly shards: StreamShards;
}

export class StreamsApi {
  constructor(
    private readonly tables: RegionTables,
    private readonly replica: Replica,
    private readonly nowMs: () => number,
  ) {}

  serve(operation: string, body: RequestBody): Reply {
    switch (operation) {
      case 'ListStreams':
        return answer({ Streams: this.list(body) });
      case 'DescribeStream':
        return answer({ StreamDescription: this.describe(this.stream(body.StreamArn)) });
      case 'GetShardIterator':
        return answer({ ShardIterator: this.iterator(body) });
      case 'GetRecords':
        return answer(this.records(body));
      default:
        throw new AwsRefusal(400, 'UnknownOperationException', `unknown operation ${operation}`);
    }
  }

  private list(body: RequestBody): object[] {
    const tables =
      body.TableName === undefined
        ? this.tables.all()
        : this.tables.all().filter((table) => table.plan.name === tableNameOf(body.TableName));
    return tables.map((table) => {
      const arn = this.tables.streamArn(table);
      return { StreamArn: arn, TableName: table.plan.name, StreamLabel: streamLabel(arn) };
    });
  }

  private describe({ arn, table, shards }: Stream): object {
    const keys = [table.schema.partitionKey, table.schema.sortKey].filter((name) => name !== undefined);
    return {
      StreamArn: arn,
      StreamLabel: streamLabel(arn),
      StreamStatus: 'ENABLED',
      StreamViewType: STREAM_VIEW_TYPE,
      TableName: table.plan.name,
      KeySchema: keys.map((name, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
      Shards: Array.from({ length: SHARD_COUNT }, (_, shard) => ({
        ShardId: shardId(shard),
        SequenceNumberRange: { StartingSequenceNumber: sequenceNumber(shards.first(shard) ?? 0) },
      })),
    };
  }

  private iterator(body: RequestBody): string {
    const { arn, shards } = this.stream(body.StreamArn);
    const shard = shardOf(body.ShardId);
    return iteratorText({ streamArn: arn, shard, position: this.start(body, shards, shard), madeAtMs: this.nowMs() });
  }

  private start(body: RequestBody, shards: StreamShards, shard: number): number {
    switch (body.ShardIteratorType) {
      case 'TRIM_HORIZON':
        return 0;
      case 'LATEST':
        return shards.last(shard);
      case 'AT_SEQUENCE_NUMBER':
      case 'AFTER_SEQUENCE_NUMBER': {
        const position = positionOf(body.SequenceNumber);
        if (position > 0 && !shards.has(shard, position)) {
          throw new AwsRefusal(
            400,
            'TrimmedDataAccessException',
            'The operation attempted to read past the oldest stream record in a shard.',
          );
        }
        return body.ShardIteratorType === 'AT_SEQUENCE_NUMBER' ? position - 1 : position;
      }
      default:
        throw validation(`Invalid ShardIteratorType: ${String(body.ShardIteratorType)}`);
    }
  }

  private records(body: RequestBody): object {
    const limit = body.Limit === undefined ? RECORD_LIMIT : Number(body.Limit);
    if (!(limit >= 1 && limit <= RECORD_LIMIT))
      throw validation(`Limit must be between 1 and ${RECORD_LIMIT}, got ${limit}`);
    const nowMs = this.nowMs();
    const iterator = parseIterator(body.ShardIterator, nowMs);
    const { table, shards } = this.stream(iterator.streamArn);
    const records: object[] = [];
    let { position } = iterator;
    let bytes = 0;
    for (const record of shards.after(iterator.shard, position, limit)) {
      bytes += record.entry.newImage?.length ?? 0;
      if (bytes > BYTE_LIMIT && records.length > 0) break;
      records.push(this.wireRecord(record, table));
      position = record.position;
    }
    return { Records: records, NextShardIterator: iteratorText({ ...iterator, position, madeAtMs: nowMs }) };
  }

  private wireRecord({ position, entry }: StreamRecord, table: LedgerTable): object {
    const sequence = sequenceNumber(position);
    return {
      eventID: Buffer.from(`${this.replica.region} ${table.plan.name} ${sequence}`).toString('hex').slice(-32),
      eventName: entry.change,
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.replica.region,
      dynamodb: {
        // Whole seconds, as DynamoDB rounds them.
        ApproximateCreationDateTime: Math.floor(entry.atMs / 1000),
        Keys: parseItem(entry.key),
        ...(entry.newImage === null ? {} : { NewImage: parseItem(entry.newImage) }),
        SequenceNumber: sequence,
        SizeBytes: entry.key.length + (entry.newImage?.length ?? 0),
        StreamViewType: STREAM_VIEW_TYPE,
      },
    };
  }

  private stream(arn: unknown): Stream {
    for (const table of this.tables.all()) {
      const shards = this.replica.stream(table.plan.name);
      if (this.tables.streamArn(table) === arn && shards !== undefined) return { arn, table, shards };
    }
    throw resourceNotFound(`Stream: ${String(arn)} not found`);
  }
}

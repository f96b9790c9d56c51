// Owns the readings table: an item per delivered day of a register, and per batch an item and one for each part stored.
// Leaves to domain/readings which delivery counts. Nothing here is ever overwritten, so a replica can lose nothing.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type IsoDate, isoDate } from '../../domain/ids.ts';
import { bestDays } from '../../domain/readings/best-day.ts';
import { type MeterDay, type RegisterDay, registerDay } from '../../domain/readings/meter-day.ts';
import { fromRuns, type Run, toRuns } from '../../domain/readings/runs.ts';
import {
  type Batch,
  type Batches,
  CorruptReading,
  checkDayRange,
  type Readings,
  ReadingsUnavailable,
} from '../../ports/readings.ts';
import { AT_ONCE } from '../../shared/policies.ts';
import type { Dynamo, RequestFailed } from './client.ts';
import { queryUpTo } from './paging.ts';

type Item = Record<string, AttributeValue>;

/** Of MAX_DAYS_READ days: several registers, each corrected some times. */
const MAX_DELIVERIES_READ = 20_000;
/** A batch of 4 MiB has far fewer. */
const MAX_PARTS_READ = 1_000;

const meterKey = (meterId: string): string => `meter#${meterId}`;
/** After every key of the date. */
const endOf = (date: string): string => `${date}~`;

const HEAD = 'batch';
const batchKey = (batchId: string): string => `batch#${batchId}`;
const partKey = (part: number): string => `part#${String(part).padStart(4, '0')}`;

const unavailable = (cause: RequestFailed) => new ReadingsUnavailable(cause.message, { cause });

const toItem = (day: RegisterDay): Item => ({
  pk: { S: meterKey(day.meterId) },
  sk: { S: `${day.date}#${day.rank}#${day.digest}` },
  register: { S: day.register },
  flow: { S: day.flow },
  receivedMs: { N: String(day.receivedMs) },
  runs: { S: JSON.stringify(toRuns(day.intervals)) },
});

/** @throws CorruptReading */
const fromItem = (meterId: string, { sk, register, flow, receivedMs, runs }: Item): RegisterDay => {
  const key = sk?.S ?? '';
  const date = isoDate(key.slice(0, 10));
  const day =
    date &&
    registerDay({
      meterId,
      date,
      register: register?.S ?? '',
      flow: flow?.S === 'export' ? 'export' : 'import',
      receivedMs: Number(receivedMs?.N),
      intervals: intervalsOf(runs?.S),
    });
  if (day === undefined || key !== `${day.date}#${day.rank}#${day.digest}`) throw new CorruptReading(meterId, key);
  return day;
};

/** None for what cannot be read: the digest then does not hold. */
const intervalsOf = (text: string | undefined) => {
  try {
    return fromRuns(JSON.parse(text ?? '[]') as readonly Run[]);
  } catch {
    return [];
  }
};

export class DynamoReadings implements Readings, Batches {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async store(days: readonly RegisterDay[]): Promise<void> {
    const left = days.values();
    const worker = async (): Promise<void> => {
      for (const day of left) await this.#insert(toItem(day));
    };
    await Promise.all(Array.from({ length: AT_ONCE.readingPuts }, worker));
  }

  async days(meterId: string, fromDate: IsoDate, toDate: IsoDate): Promise<readonly MeterDay[]> {
    checkDayRange(fromDate, toDate);
    const items = await this.#query(meterKey(meterId), fromDate, endOf(toDate), MAX_DELIVERIES_READ);
    return bestDays(items.map((item) => fromItem(meterId, item)));
  }

  async firstReadingMs(meterId: string): Promise<number | undefined> {
    const [first] = await this.dynamo.call(unavailable, (call) =>
      queryUpTo(
        call,
        {
          TableName: this.table,
          KeyConditionExpression: 'pk = :pk',
          FilterExpression: 'flow <> :export',
          ExpressionAttributeValues: { ':pk': { S: meterKey(meterId) }, ':export': { S: 'export' } },
          ConsistentRead: true,
        },
        1,
      ),
    );
    const date = isoDate((first?.sk?.S ?? '').slice(0, 10));
    if (date === undefined) return undefined;
    // The first delivery of the day need not begin first.
    const [day] = await this.days(meterId, date, date);
    return day?.intervals[0]?.startMs;
  }

  async open({ batchId, parts, accepted }: Batch): Promise<void> {
    await this.#insert({
      pk: { S: batchKey(batchId) },
      sk: { S: HEAD },
      parts: { N: String(parts) },
      accepted: { N: String(accepted) },
    });
  }

  async partStored(batchId: string, part: number): Promise<void> {
    await this.#insert({ pk: { S: batchKey(batchId) }, sk: { S: partKey(part) } });
  }

  async status(batchId: string): Promise<(Batch & { readonly status: 'pending' | 'stored' }) | undefined> {
    const [head, ...stored] = await this.#query(batchKey(batchId), HEAD, endOf('part#'), MAX_PARTS_READ);
    if (head?.sk?.S !== HEAD) return undefined;
    const parts = Number(head.parts?.N);
    const status = stored.length >= parts ? 'stored' : 'pending';
    return { batchId, parts, accepted: Number(head.accepted?.N), status };
  }

  /** What is there already is the same: the key says all of it. */
  async #insert(Item: Item): Promise<void> {
    await this.dynamo.writeIf(unavailable, (call) =>
      call.put({ TableName: this.table, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
  }

  #query(pk: string, from: string, to: string, count: number): Promise<Item[]> {
    return this.dynamo.call(unavailable, (call) =>
      queryUpTo(
        call,
        {
          TableName: this.table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': { S: pk }, ':from': { S: from }, ':to': { S: to } },
          ConsistentRead: true,
        },
        count,
      ),
    );
  }
}

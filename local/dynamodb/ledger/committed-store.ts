// Owns the committed state of the MRSC tables: every change of an item goes through here, into the engine and then the log.
// Leaves to the write path who may write and how long that takes.
import type { DynamoConnection, WireAnswer } from '../engine-client.ts';
import { canonicalItem, type Item, type ItemId, itemId, keyAttributes } from '../images.ts';
import { ItemLocks } from '../item-locks.ts';
import type { RequestBody } from '../protocol.ts';
import type { CommitLog } from './commit-log.ts';
import type { LedgerTable } from './ledger-table.ts';

export type ItemOperation = 'PutItem' | 'UpdateItem' | 'DeleteItem';

export interface ItemWrite {
  readonly operation: ItemOperation;
  readonly table: LedgerTable;
  readonly body: RequestBody;
  /** The bytes `body` was parsed from, passed on when nothing has to change. */
  readonly raw: Buffer | string;
  readonly origin: string;
  /** Asked once the write is committed, before anybody can see it. */
  readonly isWitnessOnly: () => boolean;
}

export interface WriteResult {
  readonly answer: WireAnswer;
  readonly committed: boolean;
}

interface Images {
  readonly answer: WireAnswer;
  readonly oldImage: string | null;
  readonly newImage: string | null;
}

/** The key attributes a write names, or undefined when the engine is going to refuse it for the lack of them. */
export const writtenKey = ({
  operation,
  table,
  body,
}: Pick<ItemWrite, 'operation' | 'table' | 'body'>): Item | undefined =>
  keyAttributes(table.schema, (operation === 'PutItem' ? body.Item : body.Key) as Item | undefined);

export const writtenItem = (write: Pick<ItemWrite, 'operation' | 'table' | 'body'>): ItemId | undefined => {
  const key = writtenKey(write);
  return key === undefined ? undefined : itemId(write.table.plan.name, write.table.schema, key);
};

export class CommittedStore {
  private readonly locks = new ItemLocks();
  private readonly writing = new Set<Promise<unknown>>();

  constructor(
    readonly engine: DynamoConnection,
    private readonly log: CommitLog,
    private readonly nowMs: () => number,
  ) {}

  /** Commits one change. The log has it before this resolves. */
  write(write: ItemWrite): Promise<WriteResult> {
    const key = writtenKey(write);
    if (key === undefined) return this.refusedByEngine(write);
    const id = itemId(write.table.plan.name, write.table.schema, key);
    const work = this.locks.run(id.item, () => this.commit(write, key, id));
    this.writing.add(work);
    const done = (): void => void this.writing.delete(work);
    work.then(done, done);
    return work;
  }

  /** Passes a read on, and waits until the log has whatever that read can have seen. */
  async read(operation: string, body: string | Buffer): Promise<WireAnswer> {
    const answer = await this.engine.raw(operation, body);
    await Promise.allSettled([...this.writing]);
    return answer;
  }

  private async commit(write: ItemWrite, key: Item, id: ItemId): Promise<WriteResult> {
    const { answer, oldImage, newImage } = await this.change(write, key);
    if (answer.status !== 200) return { answer, committed: false };
    // A write that changes nothing makes no stream record.
    if (oldImage !== newImage) {
      this.log.append({
        table: write.table.plan.name,
        ...id,
        key: canonicalItem(key),
        oldImage,
        newImage,
        atMs: this.nowMs(),
        origin: write.origin,
        witnessOnly: write.isWitnessOnly(),
      });
    }
    return { answer, committed: true };
  }

  private async change(write: ItemWrite, key: Item): Promise<Images> {
    if (write.operation === 'UpdateItem') return this.update(write, key);
    const newImage = write.operation === 'PutItem' ? canonicalItem(write.body.Item as Item) : null;
    if (write.operation === 'PutItem' && isInsertOnly(write)) {
      return { answer: await this.engine.raw('PutItem', write.raw), oldImage: null, newImage };
    }
    const { asked, body } = withOldImage(write);
    const answer = await this.engine.raw(write.operation, body);
    if (answer.status !== 200) return { answer, oldImage: null, newImage: null };
    const { Attributes, ...rest } = JSON.parse(answer.body) as { readonly Attributes?: Item };
    return {
      answer: asked ? answer : { status: 200, body: JSON.stringify(rest) },
      oldImage: Attributes === undefined ? null : canonicalItem(Attributes),
      newImage,
    };
  }

  private async update(write: ItemWrite, key: Item): Promise<Images> {
    const oldImage = await this.current(write.table, key);
    const answer = await this.engine.raw('UpdateItem', write.raw);
    const newImage = answer.status === 200 ? await this.current(write.table, key) : oldImage;
    return { answer, oldImage, newImage };
  }

  private async current(table: LedgerTable, key: Item): Promise<string | null> {
    const { Item } = await this.engine.must<{ Item?: Item }>('GetItem', {
      TableName: table.plan.name,
      Key: key,
      ConsistentRead: true,
    });
    return Item === undefined ? null : canonicalItem(Item);
  }

  private async refusedByEngine(write: ItemWrite): Promise<WriteResult> {
    const answer = await this.engine.raw(write.operation, write.raw);
    if (answer.status === 200)
      throw new Error(`the engine took a ${write.operation} without the keys of ${write.table.plan.name}`);
    return { answer, committed: false };
  }
}

/** The condition says that there is no item yet: nothing to ask the engine for, and the request can pass as it is. */
const isInsertOnly = ({ table, body }: ItemWrite): boolean => {
  const [, name = ''] =
    /^\s*attribute_not_exists\s*\(\s*(#?\w+)\s*\)\s*$/.exec(String(body.ConditionExpression ?? '')) ?? [];
  const names = (body.ExpressionAttributeNames ?? {}) as Readonly<Record<string, string>>;
  const attribute = names[name] ?? name;
  return attribute !== '' && (attribute === table.schema.partitionKey || attribute === table.schema.sortKey);
};

const withOldImage = ({ body, raw }: ItemWrite): { readonly asked: boolean; readonly body: string | Buffer } => {
  const isPlain = body.ReturnValues === undefined || body.ReturnValues === 'NONE';
  return isPlain
    ? { asked: false, body: JSON.stringify({ ...body, ReturnValues: 'ALL_OLD' }) }
    : { asked: true, body: raw };
};

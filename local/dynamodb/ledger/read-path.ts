// Owns reads in one Region: strong ones ask a quorum, eventual ones see what the Region's replica has applied.
// Leaves to overlay.ts what a replica shows.
import type { Item } from '../images.ts';
import { itemId, keyAttributes, partitionId } from '../images.ts';
import { answer, passedOn, type Reply, type RequestBody } from '../protocol.ts';
import type { CommittedStore } from './committed-store.ts';
import { keyConditionOf } from './key-condition.ts';
import type { LedgerTable, RegionTables } from './ledger-table.ts';
import type { LogEntry } from './log-entry.ts';
import { checkOverlayable, overlaidQuery, overlaidScan, type Page, visibleItem } from './overlay.ts';
import { projectionOf, withoutProjection } from './projection.ts';
import type { Quorum } from './quorum.ts';
import type { Replica } from './replica.ts';

export interface ReadPathParts {
  readonly tables: RegionTables;
  readonly store: CommittedStore;
  readonly quorum: Quorum;
  readonly replica: Replica;
}

interface KeysOfTable extends RequestBody {
  readonly Keys: readonly Item[];
}

export class ReadPath {
  constructor(private readonly parts: ReadPathParts) {}

  async getItem(body: RequestBody, raw: Buffer): Promise<Reply> {
    const { replica, store } = this.parts;
    const table = this.parts.tables.of(body);
    const key = keyAttributes(table.schema, body.Key as Item | undefined);
    if (body.ConsistentRead === true) {
      const asked = key && itemId(table.plan.name, table.schema, key).item;
      return this.strong(table, 'GetItem', raw, (entry) => entry.item === asked);
    }
    const project = projectionOf(body);
    const wire = await store.read('GetItem', JSON.stringify(withoutProjection(body)));
    if (wire.status !== 200 || key === undefined) return passedOn(wire);
    const { Item: committed, ...rest } = JSON.parse(wire.body) as { readonly Item?: Item };
    const visible = visibleItem(table, replica, key, committed);
    return answer(visible === undefined ? rest : { ...rest, Item: project(visible) });
  }

  async query(body: RequestBody, raw: Buffer): Promise<Reply> {
    const table = this.parts.tables.of(body);
    if (body.ConsistentRead === true) return this.strong(table, 'Query', raw, this.inPartitionOf(table, body));
    return this.page('Query', body, (page) => overlaidQuery(table, this.parts.replica, body, page));
  }

  async scan(body: RequestBody, raw: Buffer): Promise<Reply> {
    const table = this.parts.tables.of(body);
    if (body.ConsistentRead === true)
      return this.strong(table, 'Scan', raw, (entry) => entry.table === table.plan.name);
    return this.page('Scan', body, (page) => overlaidScan(table, this.parts.replica, body, page));
  }

  /** Each table of the request is read on its own: strongly or not, as it says. */
  async batchGet(body: RequestBody): Promise<Reply> {
    const requests = Object.entries((body.RequestItems ?? {}) as Readonly<Record<string, KeysOfTable>>);
    const answers = await Promise.all(requests.map(([name, request]) => this.batchOf(name, request)));
    const failed = answers.find((part) => part.status !== 200);
    if (failed !== undefined) return passedOn(failed);
    const parts = answers.map((part) => JSON.parse(part.body) as BatchAnswer);
    return answer({
      Responses: Object.assign({}, ...parts.map((part) => part.Responses)) as object,
      UnprocessedKeys: Object.assign({}, ...parts.map((part) => part.UnprocessedKeys)) as object,
    });
  }

  private async batchOf(
    name: string,
    request: KeysOfTable,
  ): Promise<{ readonly status: number; readonly body: string }> {
    const { replica, store, tables } = this.parts;
    const table = tables.named(name);
    if (request.ConsistentRead === true) {
      const asked = new Set(request.Keys.map((key) => itemId(table.plan.name, table.schema, key).item));
      const raw = JSON.stringify({ RequestItems: { [name]: request } });
      const reply = await this.strong(table, 'BatchGetItem', raw, (entry) => asked.has(entry.item));
      return reply.kind === 'answer' ? reply : { status: 500, body: '{}' };
    }
    const project = projectionOf(request);
    const wire = await store.read(
      'BatchGetItem',
      JSON.stringify({ RequestItems: { [name]: withoutProjection(request) } }),
    );
    if (wire.status !== 200) return wire;
    const { Responses, UnprocessedKeys } = JSON.parse(wire.body) as BatchAnswer;
    const id = (item: Item): string =>
      itemId(table.plan.name, table.schema, keyAttributes(table.schema, item) ?? {}).item;
    const committed = new Map((Responses[name] ?? []).map((item) => [id(item), item]));
    const unread = new Set((UnprocessedKeys?.[name]?.Keys ?? []).map(id));
    const items = request.Keys.filter((key) => !unread.has(id(key)))
      .map((key) => visibleItem(table, replica, key, committed.get(id(key))))
      .filter((item) => item !== undefined)
      .map(project);
    return {
      status: 200,
      body: JSON.stringify({ Responses: { [name]: items }, UnprocessedKeys: UnprocessedKeys ?? {} }),
    };
  }

  private strong(
    table: LedgerTable,
    operation: string,
    raw: Buffer | string,
    isAsked: (entry: LogEntry) => boolean,
  ): Promise<Reply> {
    const { quorum, replica, store } = this.parts;
    return quorum.through(table, async () => {
      replica.release(isAsked);
      return passedOn(await store.engine.raw(operation, raw));
    });
  }

  private async page(operation: 'Query' | 'Scan', body: RequestBody, overlaid: (page: Page) => object): Promise<Reply> {
    checkOverlayable(body);
    const { Select: _, ...read } = withoutProjection(body);
    const wire = await this.parts.store.read(operation, JSON.stringify(read));
    return wire.status === 200 ? answer(overlaid(JSON.parse(wire.body) as Page)) : passedOn(wire);
  }

  /** Conditions that only the engine understands are for it to judge; what the witness held of the table is released then. */
  private inPartitionOf(table: LedgerTable, body: RequestBody): (entry: LogEntry) => boolean {
    try {
      const partition = partitionId(table.plan.name, keyConditionOf(body, table.schema).partition);
      return (entry) => entry.partition === partition;
    } catch {
      return (entry) => entry.table === table.plan.name;
    }
  }
}

interface BatchAnswer {
  readonly Responses: Readonly<Record<string, readonly Item[]>>;
  readonly UnprocessedKeys?: Readonly<Record<string, { readonly Keys: readonly Item[] }>>;
}

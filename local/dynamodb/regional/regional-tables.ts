// Owns requests on tables that live in the Region's own engine: its own ones, and its replicas of MREC tables.
// Leaves to replication.ts what follows a write of an MREC table.
import type { DynamoConnection } from '../engine-client.ts';
import { tableNameOf } from '../ledger/ledger-table.ts';
import { answer, notEmulated, passedOn, type Reply, type RequestBody, resourceNotFound } from '../protocol.ts';
import { tableNames, withOwnArns } from '../tables.ts';
import { type Catalog, type CatalogTable, namedTables } from './catalog.ts';
import { CLOCK_TABLE } from './clocks.ts';
import type { BatchWrite, ReplicatedWrites } from './replicated-writes.ts';

export interface RegionalTablesParts {
  readonly region: string;
  readonly engine: DynamoConnection;
  readonly catalog: Catalog;
  readonly writes: ReplicatedWrites;
}

export class RegionalTables {
  constructor(private readonly parts: RegionalTablesParts) {}

  async serve(operation: string, body: RequestBody, raw: Buffer): Promise<Reply> {
    const { engine } = this.parts;
    switch (operation) {
      case 'PutItem':
      case 'UpdateItem':
      case 'DeleteItem': {
        const table = this.replicated(body.TableName);
        return table === undefined
          ? passedOn(await engine.raw(operation, raw))
          : this.parts.writes.item(operation, table, body);
      }
      case 'TransactWriteItems': {
        const isReplicated = [...namedTables(body)].some((name) => this.replicated(name) !== undefined);
        return isReplicated ? this.parts.writes.transact(body) : passedOn(await engine.raw(operation, raw));
      }
      case 'BatchWriteItem':
        return this.batchWrite(body, raw);
      case 'DescribeTable':
        return this.describe(body, raw);
      case 'ListTables':
        return answer({ TableNames: await this.names() });
      case 'ExecuteStatement':
      case 'BatchExecuteStatement':
      case 'ExecuteTransaction':
        throw notEmulated('PartiQL: its statements would pass by policies and replication');
      default:
        return passedOn(await engine.raw(operation, raw));
    }
  }

  private replicated(name: unknown): CatalogTable | undefined {
    const table = this.parts.catalog.get(tableNameOf(name));
    return table?.kind === 'replicated' ? table : undefined;
  }

  private async batchWrite(body: RequestBody, raw: Buffer): Promise<Reply> {
    const requests = Object.entries((body.RequestItems ?? {}) as Readonly<Record<string, readonly BatchWrite[]>>);
    const [first] = requests;
    const table = first && this.replicated(first[0]);
    if (requests.every(([name]) => this.replicated(name) === undefined))
      return passedOn(await this.parts.engine.raw('BatchWriteItem', raw));
    if (table === undefined || first === undefined || requests.length > 1) {
      throw notEmulated('BatchWriteItem on a table with multi-Region eventual consistency together with others');
    }
    return this.parts.writes.batch(table, first[1]);
  }

  private async describe(body: RequestBody, raw: Buffer): Promise<Reply> {
    const name = tableNameOf(body.TableName);
    if (name === CLOCK_TABLE) throw resourceNotFound(`Table: ${name} not found`);
    const wire = await this.parts.engine.raw('DescribeTable', raw);
    if (wire.status !== 200) return passedOn(wire);
    const own = withOwnArns(wire.body, this.parts.catalog.arnOf(name));
    const table = this.replicated(name);
    if (table === undefined) return { kind: 'answer', status: 200, body: own };
    const { Table } = JSON.parse(own) as { readonly Table: object };
    const Replicas = table.replicas
      .filter(({ region }) => region !== this.parts.region)
      .map(({ region, arn }) => ({ RegionName: region, ReplicaArn: arn, ReplicaStatus: 'ACTIVE' }));
    return answer({
      Table: { ...Table, GlobalTableVersion: '2019.11.21', MultiRegionConsistency: 'EVENTUAL', Replicas },
    });
  }

  private async names(): Promise<readonly string[]> {
    const here = (await tableNames(this.parts.engine)).filter((name) => name !== CLOCK_TABLE);
    return [...here, ...this.parts.catalog.all('ledger').map((table) => table.name)].sort();
  }
}

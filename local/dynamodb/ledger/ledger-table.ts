// Owns what the gateways know of one MRSC table.
// Leaves to the engine its items.
import type { GlobalTablePlan } from '../../assembly/plan.ts';
import type { KeySchema } from '../images.ts';
import { type RequestBody, resourceNotFound } from '../protocol.ts';

/** When the table was made, as far as its stream's name tells. */
export const STREAM_LABEL = '2026-01-01T00:00:00.000';

export interface LedgerTable {
  readonly plan: GlobalTablePlan;
  readonly schema: KeySchema;
  /** Replicas and witness: any of them can hold the second copy. */
  readonly participants: readonly string[];
}

export const ledgerTable = (plan: GlobalTablePlan): LedgerTable => ({
  plan,
  schema: { partitionKey: plan.partitionKey, ...(plan.sortKey === undefined ? {} : { sortKey: plan.sortKey }) },
  participants: [
    ...plan.replicas.map((replica) => replica.region),
    ...(plan.witness === undefined ? [] : [plan.witness]),
  ],
});

/** The name in a `TableName`, which may be an ARN. */
export const tableNameOf = (named: unknown): string => {
  const text = String(named ?? '');
  return text.startsWith('arn:') ? (text.split(':table/')[1]?.split('/')[0] ?? text) : text;
};

/** The MRSC tables with a replica in one Region. */
export class RegionTables {
  private readonly byName: ReadonlyMap<string, LedgerTable>;

  constructor(
    readonly region: string,
    tables: readonly LedgerTable[],
  ) {
    const here = tables.filter((table) => table.plan.replicas.some((replica) => replica.region === region));
    this.byName = new Map(here.map((table) => [table.plan.name, table]));
  }

  all(): readonly LedgerTable[] {
    return [...this.byName.values()];
  }

  /** @throws AwsRefusal ResourceNotFoundException */
  named(name: unknown): LedgerTable {
    const table = this.byName.get(tableNameOf(name));
    if (table === undefined) throw resourceNotFound(`Table: ${tableNameOf(name)} not found`);
    return table;
  }

  of(body: RequestBody): LedgerTable {
    return this.named(body.TableName);
  }

  arn(table: LedgerTable): string {
    return this.replica(table)?.arn ?? table.plan.arn;
  }

  streamArn(table: LedgerTable): string {
    return this.replica(table)?.streamArn ?? `${this.arn(table)}/stream/${STREAM_LABEL}`;
  }

  private replica(table: LedgerTable): LedgerTable['plan']['replicas'][number] | undefined {
    return table.plan.replicas.find((replica) => replica.region === this.region);
  }
}

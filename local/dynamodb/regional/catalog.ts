// Owns which tables one Region has, of which kind, and under which ARN.
// Leaves to the endpoint where a request on each of them goes.
import type { GlobalTablePlan, TablePlan } from '../../assembly/plan.ts';
import type { ProtectedTable } from '../../iam/dynamodb-actions.ts';
import type { RegionProcessConfig } from '../../processes.ts';
import type { KeySchema } from '../images.ts';
import { tableNameOf } from '../ledger/ledger-table.ts';
import type { RequestBody } from '../protocol.ts';

export interface CatalogTable extends ProtectedTable {
  readonly name: string;
  /** `ledger`: MRSC. `replicated`: MREC. `own`: this Region's alone. */
  readonly kind: 'ledger' | 'replicated' | 'own';
  readonly schema: KeySchema;
  readonly plan: TablePlan;
  readonly replicas: GlobalTablePlan['replicas'];
}

const schemaOf = (plan: TablePlan): KeySchema => ({
  partitionKey: plan.partitionKey,
  ...(plan.sortKey === undefined ? {} : { sortKey: plan.sortKey }),
});

const globalTable = (plan: GlobalTablePlan, region: string): CatalogTable[] => {
  const replica = plan.replicas.find((candidate) => candidate.region === region);
  if (replica === undefined) return [];
  const kind = plan.consistency === 'STRONG' ? 'ledger' : 'replicated';
  return [
    {
      name: plan.name,
      arn: replica.arn,
      partitionKey: plan.partitionKey,
      kind,
      schema: schemaOf(plan),
      plan,
      replicas: plan.replicas,
    },
  ];
};

export class Catalog {
  private readonly byName: ReadonlyMap<string, CatalogTable>;
  private readonly arnPrefix: string;

  constructor({ plan, globalTables }: Pick<RegionProcessConfig, 'plan' | 'globalTables'>) {
    this.arnPrefix = `arn:aws:dynamodb:${plan.region}:${plan.account}:table/`;
    const own = plan.tables.map(
      (table): CatalogTable => ({
        name: table.name,
        arn: table.arn,
        partitionKey: table.partitionKey,
        kind: 'own',
        schema: schemaOf(table),
        plan: table,
        replicas: [],
      }),
    );
    const all = [...own, ...globalTables.flatMap((table) => globalTable(table, plan.region))];
    this.byName = new Map(all.map((table) => [table.name, table]));
  }

  get(name: string): CatalogTable | undefined {
    return this.byName.get(name);
  }

  all(kind: CatalogTable['kind']): readonly CatalogTable[] {
    return [...this.byName.values()].filter((table) => table.kind === kind);
  }

  /** The ARN a table of this name would have. */
  arnOf(name: string): string {
    return this.byName.get(name)?.arn ?? `${this.arnPrefix}${name}`;
  }
}

const TRANSACT_KINDS = ['Put', 'Update', 'Delete', 'ConditionCheck', 'Get'] as const;

export type TransactItem = Readonly<Partial<Record<(typeof TRANSACT_KINDS)[number], RequestBody>>>;

export const transactItems = (body: RequestBody): readonly TransactItem[] =>
  Array.isArray(body.TransactItems) ? (body.TransactItems as readonly TransactItem[]) : [];

/** Every table a request names. */
export const namedTables = (body: RequestBody): ReadonlySet<string> =>
  new Set(
    [
      body.TableName,
      ...Object.keys((body.RequestItems ?? {}) as object),
      ...transactItems(body).flatMap((item) => Object.values(item).map((part) => part.TableName)),
    ]
      .filter((name) => name !== undefined)
      .map(tableNameOf),
  );

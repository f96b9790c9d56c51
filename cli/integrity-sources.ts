// Owns how the command line reaches all copies: the ledger through one Region, and view, archive and verified seals of each.
// Leaves to lambdas/shared/integrity what is made of them.
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { Dynamo } from '../lambdas/adapters/dynamo/client.ts';
import { DynamoDerivedCopies } from '../lambdas/adapters/dynamo/derived-copies.ts';
import { DynamoEventLog } from '../lambdas/adapters/dynamo/event-log.ts';
import { DynamoFactCopies } from '../lambdas/adapters/dynamo/fact-copies.ts';
import { DynamoRegionState } from '../lambdas/adapters/dynamo/region-state.ts';
import { DynamoRehydrations } from '../lambdas/adapters/dynamo/rehydration.ts';
import { DynamoSealLog } from '../lambdas/adapters/dynamo/seal-log.ts';
import { DynamoSealWork } from '../lambdas/adapters/dynamo/seal-work.ts';
import { DynamoViewLines } from '../lambdas/adapters/dynamo/view-lines.ts';
import { DynamoViewStore } from '../lambdas/adapters/dynamo/view-store.ts';
import { createS3Client, S3Archive } from '../lambdas/adapters/s3/archive.ts';
import type { Clock } from '../lambdas/ports/clock.ts';
import type { SealWork } from '../lambdas/ports/seals.ts';
import type { ViewLines } from '../lambdas/ports/view-lines.ts';
import type { ChainSources } from '../lambdas/shared/integrity/chain-links.ts';
import type { Sources, ViewSource } from '../lambdas/shared/integrity/look-at-account.ts';
import { viewCoversUntilMs } from '../lambdas/shared/integrity/view-coverage.ts';
import { tableName } from '../lambdas/shared/names.ts';
import type { Target } from './target.ts';

export interface IntegritySources {
  /** Through which the ledger is read. */
  readonly region: string;
  readonly sources: Sources;
  readonly chains: ChainSources;
  readonly ledger: DynamoEventLog;
  /** The ledger's items, a hundred at a time. */
  readonly items: Pick<ViewLines, 'lines'>;
  /** Each Region's view, a hundred lines at a time. */
  readonly lines: readonly { readonly region: string; readonly lines: Pick<ViewLines, 'lines'> }[];
  readonly work: readonly { readonly region: string; readonly work: SealWork }[];
  /** As DynamoDB last counted, which it does about every six hours; its heartbeats included. */
  ledgerItems(): Promise<number>;
  close(): void;
}

export interface OpenOptions {
  readonly regions: readonly [string, ...string[]];
  readonly clock: Clock;
  /** The table that is taken for the ledger. */
  readonly ledgerTable?: string;
}

/** The ledger through the first of `regions`. @throws UsageError */
export const openIntegritySources = async (
  target: Target,
  { regions, clock, ledgerTable = target.ledgerTable }: OpenOptions,
): Promise<IntegritySources> => {
  const [first, ...others] = regions;
  const name = (table: 'views' | 'region-state' | 'seal-work'): string => tableName(target.jurisdiction, table);
  const opened: (Dynamo | S3Client)[] = [];
  const open = async (region: string) => {
    const dynamo = new Dynamo(optionsOf(target, 'dynamodb', region));
    const s3 = createS3Client(optionsOf(target, 's3', region));
    opened.push(dynamo, s3);
    return { region, dynamo, archive: new S3Archive(s3, await target.archiveBucket(region)) };
  };
  const own = await open(first);
  const each = [own, ...(await Promise.all(others.map(open)))] as const;
  const viewOf = ({ region, dynamo }: typeof own): ViewSource => {
    const regionState = new DynamoRegionState(dynamo, name('region-state'));
    const rehydrations = new DynamoRehydrations(dynamo, name('region-state'));
    return {
      region,
      rows: new DynamoFactCopies(dynamo, name('views'), 'view'),
      derived: new DynamoDerivedCopies(dynamo, name('views')),
      store: new DynamoViewStore(dynamo, name('views'), { table: name('seal-work'), clock }),
      coversUntilMs: () => viewCoversUntilMs(region, regionState, rehydrations),
    };
  };
  const { dynamo } = own;
  const client = new DynamoDBClient({ ...target.clientSettings('dynamodb', first) });
  return {
    region: first,
    sources: {
      ledger: { region: first, items: new DynamoFactCopies(dynamo, ledgerTable, 'ledger') },
      views: [viewOf(own), ...each.slice(1).map(viewOf)],
    },
    chains: {
      seals: new DynamoSealLog(dynamo, ledgerTable),
      archives: each.map(({ region, archive }) => ({ region, archive })),
    },
    ledger: new DynamoEventLog(dynamo, ledgerTable),
    items: new DynamoViewLines(dynamo, ledgerTable),
    lines: each.map((one) => ({ region: one.region, lines: new DynamoViewLines(one.dynamo, name('views')) })),
    work: each.map((one) => ({ region: one.region, work: new DynamoSealWork(one.dynamo, name('seal-work')) })),
    ledgerItems: async () => {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: ledgerTable }));
      return Table?.ItemCount ?? 0;
    },
    close: () => {
      for (const one of opened) one.destroy();
      client.destroy();
    },
  };
};

const optionsOf = (target: Target, service: 'dynamodb' | 's3', region: string) => {
  const { endpoint, credentials } = target.clientSettings(service, region);
  return { region, ...(endpoint && { endpoint }), ...(credentials && { credentials }) };
};

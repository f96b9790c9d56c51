// Owns what a strongly consistent write takes more than one of a single Region: both timed in turns, with the same client, in one run.
// Leaves to the engine and the latency matrix (fixtures/latency) what either takes.
import { randomUUID } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SEAL_KEY_PREFIX, tableName } from '../lambdas/shared/names.ts';
import { percentile } from '../local/percentile.ts';
import { operatorDynamo } from './auditor/auditor.ts';
import type { Harness } from './pair/harness.ts';

export interface WriteLatency {
  readonly region: string;
  readonly writes: number;
  /** Medians, milliseconds. */
  readonly ledgerMs: number;
  readonly singleRegionMs: number;
}

const WRITES = 25;
/** Views and counts pass over what is sealed under it, and nobody asks for a chain of this name. */
const PARTITION = `${SEAL_KEY_PREFIX}drill`;

/** Puts of the same item in turns: into the ledger, and into a plain table of the Region. Before any payer is there. */
export const measureWriteLatency = async (baseload: Harness, region: string): Promise<WriteLatency> => {
  const { jurisdiction, ledgerTable } = await baseload.wiring();
  const dynamo = operatorDynamo(await baseload.dynamodb(region), region);
  const tables = { ledger: ledgerTable, single: tableName(jurisdiction, 'region-state') };
  const took = { ledger: [] as number[], single: [] as number[] };
  try {
    for (let n = 0; n < WRITES; n++) {
      for (const kind of ['ledger', 'single'] as const) {
        const startedMs = performance.now();
        const Item = { pk: { S: PARTITION }, sk: { S: randomUUID() } };
        await dynamo.send(new PutItemCommand({ TableName: tables[kind], Item }));
        took[kind].push(performance.now() - startedMs);
      }
    }
  } finally {
    dynamo.destroy();
  }
  return {
    region,
    writes: WRITES,
    ledgerMs: percentile(took.ledger, 50),
    singleRegionMs: percentile(took.single, 50),
  };
};

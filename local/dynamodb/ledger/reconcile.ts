// Owns that after any crash the log says what the engine holds: items and deletes it missed get entries of their own.
// Leaves to commit-log.ts how entries are kept.
import type { DynamoConnection } from '../engine-client.ts';
import { canonicalItem, type Item, itemId, keyAttributes } from '../images.ts';
import { type CommitLog, imageDigest } from './commit-log.ts';
import type { LedgerTable } from './ledger-table.ts';

/** Stands for the Region of a write whose log line was lost. */
const UNKNOWN_ORIGIN = 'unknown';

interface ScanPage {
  readonly Items: readonly Item[];
  readonly LastEvaluatedKey?: Item;
}

/** Every item of a table, in pages of the engine's choosing. */
export async function* scanAll(engine: DynamoConnection, table: string): AsyncIterable<Item> {
  let after: Item | undefined;
  do {
    const page: ScanPage = await engine.must('Scan', {
      TableName: table,
      ...(after === undefined ? {} : { ExclusiveStartKey: after }),
    });
    yield* page.Items;
    after = page.LastEvaluatedKey;
  } while (after !== undefined);
}

/** Compares the engine with the log as it was read, and tells every item found. @returns how many entries were made up */
export const reconcile = async (
  engine: DynamoConnection,
  log: CommitLog,
  tables: readonly LedgerTable[],
  onItem: (image: string, table: LedgerTable) => void,
  nowMs: number,
): Promise<number> => {
  const missing = new Map(log.knownAtOpen);
  const lastSeq = log.lastSeq;
  for (const table of tables) {
    for await (const item of scanAll(engine, table.plan.name)) {
      const key = keyAttributes(table.schema, item);
      if (key === undefined) throw new Error(`an item of ${table.plan.name} has no ${table.schema.partitionKey}`);
      const image = canonicalItem(item);
      const id = itemId(table.plan.name, table.schema, key);
      onItem(image, table);
      const known = missing.get(id.item);
      missing.delete(id.item);
      if (known === imageDigest(image)) continue;
      log.append({
        table: table.plan.name,
        ...id,
        key: canonicalItem(key),
        oldImage: known === undefined ? null : lastImage(log, id.item),
        newImage: image,
        atMs: nowMs,
        origin: UNKNOWN_ORIGIN,
        witnessOnly: false,
      });
    }
  }
  for (const item of missing.keys()) {
    const last = log.all().findLast((entry) => entry.item === item);
    // Deleted longer ago than the log reaches: nobody can still be shown it.
    if (last === undefined) continue;
    log.append({
      ...last,
      oldImage: last.newImage,
      newImage: null,
      atMs: nowMs,
      origin: UNKNOWN_ORIGIN,
      witnessOnly: false,
    });
  }
  return log.lastSeq - lastSeq;
};

const lastImage = (log: CommitLog, item: string): string | null =>
  log.all().findLast((entry) => entry.item === item)?.newImage ?? null;

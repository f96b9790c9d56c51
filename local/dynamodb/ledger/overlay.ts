// Owns what an eventually consistent read of one replica shows: the engine's committed answer, less what is not applied yet.
// Leaves to replica.ts when a change is applied.
import { type Item, itemId, keyAttributes, parseItem, partitionId } from '../images.ts';
import { notEmulated, type RequestBody } from '../protocol.ts';
import { compareKeys, keyConditionOf } from './key-condition.ts';
import type { LedgerTable } from './ledger-table.ts';
import type { LogEntry } from './log-entry.ts';
import { projectionOf } from './projection.ts';
import type { Replica } from './replica.ts';

/** A page of Query or Scan as the engine gives it. */
export interface Page {
  readonly Items?: readonly Item[];
  readonly LastEvaluatedKey?: Item;
}

/** What the replica shows of one item of which the engine says `committed`. */
export const visibleItem = (
  table: LedgerTable,
  replica: Replica,
  key: Item,
  committed: Item | undefined,
): Item | undefined => {
  const hidden = replica.unapplied.first(itemId(table.plan.name, table.schema, key).item);
  if (hidden === undefined) return committed;
  return hidden.oldImage === null ? undefined : parseItem(hidden.oldImage);
};

/** What would need an evaluation of conditions on hidden images. @throws AwsRefusal */
export const checkOverlayable = (read: RequestBody): void => {
  for (const parameter of [
    'FilterExpression',
    'IndexName',
    'AttributesToGet',
    'ScanFilter',
    'QueryFilter',
    'KeyConditions',
  ]) {
    if (read[parameter] !== undefined) {
      throw notEmulated(
        `${parameter} in an eventually consistent read of an MRSC table: read strongly, or filter afterwards`,
      );
    }
  }
};

const keyOf = (table: LedgerTable, item: Item): Item => keyAttributes(table.schema, item) ?? {};

/** Whether a key lies on the part of the partition that this page covers. */
const onPage = (table: LedgerTable, read: RequestBody, page: Page): ((key: Item) => boolean) => {
  const sortKey = table.schema.sortKey ?? '';
  const direction = read.ScanIndexForward === false ? -1 : 1;
  const start = read.ExclusiveStartKey as Item | undefined;
  return (key) =>
    (start === undefined || compareKeys(key[sortKey], start[sortKey]) * direction > 0) &&
    (page.LastEvaluatedKey === undefined || compareKeys(key[sortKey], page.LastEvaluatedKey[sortKey]) * direction <= 0);
};

/** Items that were deleted, but not as far as this replica knows. */
const deletedButShown = (
  replica: Replica,
  table: LedgerTable,
  present: ReadonlySet<string>,
  isAsked: (entry: LogEntry) => boolean,
): Item[] =>
  [...replica.unapplied.firsts()]
    .filter((entry) => entry.table === table.plan.name && entry.oldImage !== null && !present.has(entry.item))
    .filter((entry) => replica.unapplied.isDeleted(entry.item) && isAsked(entry))
    .map((entry) => parseItem(entry.oldImage ?? '{}'));

const shown = (
  table: LedgerTable,
  replica: Replica,
  page: Page,
): { readonly items: Item[]; readonly present: ReadonlySet<string> } => {
  const committed = page.Items ?? [];
  return {
    items: committed
      .map((item) => visibleItem(table, replica, keyOf(table, item), item))
      .filter((item) => item !== undefined),
    present: new Set(committed.map((item) => itemId(table.plan.name, table.schema, keyOf(table, item)).item)),
  };
};

const pageAnswer = (read: RequestBody, items: readonly Item[], last: Item | undefined): object => ({
  ...(read.Select === 'COUNT' ? {} : { Items: items.map(projectionOf(read)) }),
  Count: items.length,
  ScannedCount: items.length,
  ...(last === undefined ? {} : { LastEvaluatedKey: last }),
});

export const overlaidQuery = (table: LedgerTable, replica: Replica, read: RequestBody, page: Page): object => {
  const { items, present } = shown(table, replica, page);
  const condition = keyConditionOf(read, table.schema);
  const partition = partitionId(table.plan.name, condition.partition);
  const isOnPage = onPage(table, read, page);
  const added = deletedButShown(replica, table, present, (entry) => {
    const key = parseItem(entry.key);
    return entry.partition === partition && condition.matches(key) && isOnPage(key);
  });
  if (added.length === 0) return pageAnswer(read, items, page.LastEvaluatedKey);
  const sortKey = table.schema.sortKey ?? '';
  const direction = read.ScanIndexForward === false ? -1 : 1;
  const sorted = [...items, ...added].sort((a, b) => compareKeys(a[sortKey], b[sortKey]) * direction);
  const limit = read.Limit === undefined ? sorted.length : Number(read.Limit);
  const cut = sorted.slice(0, limit);
  const last = cut.at(-1);
  return pageAnswer(
    read,
    cut,
    cut.length < sorted.length && last !== undefined ? keyOf(table, last) : page.LastEvaluatedKey,
  );
};

/** Scan order means nothing, so what the engine no longer has comes with the last page. */
export const overlaidScan = (table: LedgerTable, replica: Replica, read: RequestBody, page: Page): object => {
  if (read.TotalSegments !== undefined)
    throw notEmulated('TotalSegments in an eventually consistent Scan of an MRSC table: read strongly');
  const { items, present } = shown(table, replica, page);
  if (page.LastEvaluatedKey !== undefined) return pageAnswer(read, items, page.LastEvaluatedKey);
  return pageAnswer(read, [...items, ...deletedButShown(replica, table, present, () => true)], undefined);
};

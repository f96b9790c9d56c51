// Owns how facts enter a view exactly once: copy and sums of each in one transaction, whoever else applies the same facts.
// Leaves to view-rows.ts and seal-rows.ts what changes, to view-store.ts the reads. A row of open work that came to nothing is removed
// afterwards.
import { type AttributeValue, TransactionCanceledException, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Fact } from '../../domain/facts.ts';
import type { Clock } from '../../ports/clock.ts';
import { ViewUnavailable } from '../../ports/view-store.ts';
import { fullJitter, type Pacing } from '../../shared/pacing.ts';
import { RETRIES } from '../../shared/policies.ts';
import { unsealedRowOf } from '../seal-rows.ts';
import {
  additionsOf,
  dayRowOf,
  OPEN_WORK_ATTRIBUTES,
  openWorkAdditionsOf,
  openWorkRow,
  openWorkStreamsOf,
  type ViewFact,
  viewFact,
} from '../view-rows.ts';
import { type Dynamo, RequestFailed } from './client.ts';
import { toItem } from './fact-item.ts';
import { viewUnavailable } from './unavailable.ts';

/**
 * With their rows of unsealed facts, their months or their days' rows (no fact has both), their open work and the totals these are at
 * most 97 of the 100 actions that a transaction may have.
 */
const FACTS_PER_TRANSACTION = 24;
/** Bodies of one transaction, characters: a quarter of the 4 MB that a transaction may have, for what lies outside of ASCII. */
const BODY_CHARS_PER_TRANSACTION = 1_000_000;

const { tries: CONFLICT_TRIES } = RETRIES.viewConflict;
const PACING = fullJitter(RETRIES.viewConflict);

/** Reasons that say nothing of the facts: another transaction was under way, or the table asked for patience. */
const PASSING: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/** Where a Region keeps which facts no seal holds yet. Only who applies facts needs it. */
export interface UnsealedRows {
  readonly table: string;
  readonly clock: Clock;
}

interface Change {
  readonly fact: Fact;
  readonly row: ViewFact;
}

/** Facts of one account in the order given, each key once, in transactions that are small enough. */
const batchesOf = (facts: readonly Fact[]): Change[][] => {
  const changes = new Map<string, Change>();
  for (const fact of facts) {
    const row = viewFact(fact);
    changes.set(row.sk, { fact, row });
  }
  const batches: Change[][] = [];
  let room = 0;
  for (const change of changes.values()) {
    const last = batches.at(-1);
    if (last === undefined || last.length === FACTS_PER_TRANSACTION || change.row.body.length > room) {
      batches.push([change]);
      room = BODY_CHARS_PER_TRANSACTION;
    } else {
      last.push(change);
    }
    room -= change.row.body.length;
  }
  return batches;
};

const put = (TableName: string, row: ViewFact): TransactWriteItem => ({
  Put: {
    TableName,
    Item: { ...toItem(row), at: { S: row.at } },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

const addTo = (TableName: string, pk: string, sk: string, amounts: ReadonlyMap<string, bigint>): TransactWriteItem => {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  const terms = [...amounts].map(([attribute, amount], index) => {
    names[`#${index}`] = attribute;
    values[`:${index}`] = { N: String(amount) };
    return `#${index} :${index}`;
  });
  return {
    Update: {
      TableName,
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: `ADD ${terms.join(', ')}`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    },
  };
};

/** Nothing stands in it but its key, so it may be put again; its fact is put once in the same transaction. */
const putDayRow = (TableName: string, fact: Fact): TransactWriteItem[] => {
  const row = dayRowOf(fact);
  return row === undefined ? [] : [{ Put: { TableName, Item: { pk: { S: row.pk }, sk: { S: row.sk } } } }];
};

/** Once, as the line of the view: whoever applies the fact again fails on that and writes neither. */
const putUnsealed = ({ table, clock }: UnsealedRows, { fact, row }: Change): TransactWriteItem[] => {
  const unsealed = unsealedRowOf(fact, row, clock.nowMs());
  if (unsealed === undefined) return [];
  const { pk, sk, sum } = unsealed;
  return [{ Put: { TableName: table, Item: { pk: { S: pk }, sk: { S: sk }, sum: { S: sum } } } }];
};

interface ViewTables {
  readonly views: string;
  readonly unsealed?: UnsealedRows;
}

/** The puts of facts first: the reasons of a cancelled transaction come in the order of its actions. */
const actionsOf = (
  { views: table, unsealed }: ViewTables,
  accountId: string,
  changes: readonly Change[],
): TransactWriteItem[] => {
  const facts = changes.map(({ fact }) => fact);
  return [
    ...changes.map(({ row }) => put(table, row)),
    ...facts.flatMap((fact) => putDayRow(table, fact)),
    ...[...additionsOf(facts)].map(([sk, amounts]) => addTo(table, accountId, sk, amounts)),
    ...[...openWorkAdditionsOf(facts)].map(([stream, amounts]) => {
      const { pk, sk } = openWorkRow(accountId, stream);
      return addTo(table, pk, sk, amounts);
    }),
    ...(unsealed === undefined ? [] : changes.flatMap((change) => putUnsealed(unsealed, change))),
  ];
};

/**
 * Nothing left open is the same as no row: whatever is added later begins at 0 either way. Also for facts that were there before:
 * whoever put them there may have died before this, and then they are handed in again.
 */
const removeClosed = async (dynamo: Dynamo, table: string, accountId: string, streams: Iterable<string>) => {
  for (const stream of streams) {
    const { pk, sk } = openWorkRow(accountId, stream);
    await dynamo.writeIf(viewUnavailable, (call) =>
      // Stays while something is open, as for every payment at first.
      call.delete({
        TableName: table,
        Key: { pk: { S: pk }, sk: { S: sk } },
        ConditionExpression: OPEN_WORK_ATTRIBUTES.map((name) => `${name} = :nothing`).join(' AND '),
        ExpressionAttributeValues: { ':nothing': { N: '0' } },
      }),
    );
  }
};

/** @throws ViewUnavailable; what was applied by then stays applied, and the same facts may be handed in again. */
export const applyToAccount = async (
  dynamo: Dynamo,
  tables: ViewTables,
  accountId: string,
  facts: readonly Fact[],
  pacing: Pacing = PACING,
): Promise<void> => {
  for (const batch of batchesOf(facts)) {
    let pending: readonly Change[] = batch;
    for (let lost = 0; pending.length > 0; ) {
      const reasons = await tryOnce(dynamo, actionsOf(tables, accountId, pending));
      if (reasons === 'done') break;
      const absent = pending.filter((_, index) => reasons[index] !== 'ConditionalCheckFailed');
      if (absent.length === pending.length) {
        lost++;
        if (lost === CONFLICT_TRIES) {
          throw new ViewUnavailable(
            `account ${accountId} was being changed by others ${lost} times: apply the facts again`,
          );
        }
        await pacing.pause(lost);
      }
      pending = absent;
    }
    await removeClosed(dynamo, tables.views, accountId, openWorkStreamsOf(batch.map(({ fact }) => fact)));
  }
};

/** The reasons by action when the transaction was cancelled for what a retry can mend. */
const tryOnce = (dynamo: Dynamo, TransactItems: TransactWriteItem[]): Promise<'done' | readonly string[]> =>
  dynamo.call(viewUnavailable, async (call) => {
    try {
      await call.transactWrite({ TransactItems });
      return 'done';
    } catch (failure) {
      if (!(failure instanceof RequestFailed)) throw failure;
      if (failure.exception === 'TransactionInProgressException') return ['TransactionConflict'];
      if (!(failure.cause instanceof TransactionCanceledException)) throw failure;
      const reasons = (failure.cause.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
      const mendable = reasons.some((reason) => reason === 'ConditionalCheckFailed' || PASSING.has(reason));
      if (!mendable) throw failure;
      return reasons;
    }
  });

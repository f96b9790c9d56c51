// Owns how a write of one item becomes part of a transaction, and the transaction's answer that of the single write again.
// Leaves to replicated-writes.ts what else is in the transaction.
import type { WireAnswer } from '../engine-client.ts';
import type { Item } from '../images.ts';
import type { ItemOperation } from '../ledger/committed-store.ts';
import { AwsRefusal, notEmulated, type RequestBody } from '../protocol.ts';

const KINDS = { PutItem: 'Put', UpdateItem: 'Update', DeleteItem: 'Delete' } as const satisfies Record<
  ItemOperation,
  string
>;

const SHARED = [
  'TableName',
  'Item',
  'Key',
  'UpdateExpression',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValuesOnConditionCheckFailure',
];

export const transactPart = (operation: ItemOperation, body: RequestBody): object => ({
  [KINDS[operation]]: Object.fromEntries(
    SHARED.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
  ),
});

export type ReturnValues = 'NONE' | 'ALL_OLD' | 'ALL_NEW';

/** @throws AwsRefusal for what a transaction cannot tell */
export const returnValuesOf = (body: RequestBody): ReturnValues => {
  const asked = body.ReturnValues ?? 'NONE';
  if (asked === 'NONE' || asked === 'ALL_OLD' || asked === 'ALL_NEW') return asked;
  throw notEmulated(`ReturnValues ${String(asked)} on a table with multi-Region eventual consistency`);
};

interface CancellationReason {
  readonly Code?: string;
  readonly Message?: string;
  readonly Item?: Item;
}

interface Cancellation {
  readonly CancellationReasons?: readonly CancellationReason[];
}

const isCancelled = (wire: WireAnswer): boolean =>
  wire.status === 400 && wire.body.includes('TransactionCanceledException');

/** What the single write would have been refused with. */
export const singleRefusal = (wire: WireAnswer): AwsRefusal | undefined => {
  if (!isCancelled(wire)) return undefined;
  const reason = (JSON.parse(wire.body) as Cancellation).CancellationReasons?.[0];
  if (reason?.Code === 'ConditionalCheckFailed') {
    const item = reason.Item === undefined ? {} : { Item: reason.Item };
    return new AwsRefusal(400, 'ConditionalCheckFailedException', 'The conditional request failed', item);
  }
  return new AwsRefusal(400, 'ValidationException', reason?.Message ?? 'The write was refused');
};

/** The cancellation of a transaction to which parts were added, told for the first `asked` parts only. */
export const withoutAddedReasons = (wire: WireAnswer, asked: number): WireAnswer => {
  if (!isCancelled(wire)) return wire;
  const body = JSON.parse(wire.body) as Cancellation & { readonly Message?: string };
  const reasons = (body.CancellationReasons ?? []).slice(0, asked);
  const codes = reasons.map((reason) => reason.Code ?? 'None').join(', ');
  const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return { status: wire.status, body: JSON.stringify({ ...body, CancellationReasons: reasons, Message }) };
};

// Owns what an auditor finds: the ledger's items read past every handler, and counted by amounts that only the payers chose.
// Leaves to the domain nothing: it knows the item's attributes and the body's JSON, and no code under test.
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { OPERATOR_CREDENTIALS } from '../../local/iam/callers.ts';
import { acceptanceKey } from '../../local/payment-key.ts';
import type { Harness } from '../pair/harness.ts';

/** One payment as its payer knows it. `amountMinor` is unique in a run: it tells payments apart without any id of the server. */
export interface PaidIntent {
  readonly accountId: string;
  readonly idempotencyKey: string;
  readonly amountMinor: number;
  /** What the 201 said; absent while no 201 has been seen. */
  readonly acknowledged?: { readonly paymentId: string; readonly position: string; readonly region?: string };
}

/** A client with the local administrator's key. */
export const operatorDynamo = (endpoint: string, region: string): DynamoDBClient =>
  new DynamoDBClient({ endpoint, region, credentials: OPERATOR_CREDENTIALS });

export interface LedgerItem {
  readonly pk: string;
  readonly sk: string;
  /** As it is stored. */
  readonly stored: { readonly body: string; readonly sum: string };
  readonly body: Readonly<Record<string, unknown>>;
}

/** Every fact of the ledger, read strongly. */
export const readLedger = async (dynamo: DynamoDBClient, table: string): Promise<readonly LedgerItem[]> => {
  const items: LedgerItem[] = [];
  for await (const page of paginateScan({ client: dynamo }, { TableName: table, ConsistentRead: true })) {
    for (const { pk, sk, body, sum } of page.Items ?? []) {
      if (body?.S === undefined) continue;
      const stored = { body: body.S, sum: String(sum?.S) };
      items.push({ pk: String(pk?.S), sk: String(sk?.S), stored, body: JSON.parse(body.S) });
    }
  }
  return items;
};

export interface Audit {
  readonly acknowledged: number;
  /** Acknowledged, and not in the ledger. */
  readonly lost: readonly PaidIntent[];
  /** In the ledger more than once. */
  readonly doubled: readonly PaidIntent[];
  /** Acknowledged under an id that the ledger does not have it under. */
  readonly misnamed: readonly PaidIntent[];
  /** Never acknowledged, and in the ledger: the payer would learn it on the next retry. */
  readonly unacknowledgedButStored: number;
}

export const auditPayments = (intents: readonly PaidIntent[], ledger: readonly LedgerItem[]): Audit => {
  const byAmount = new Map<string, LedgerItem[]>();
  for (const item of ledger.filter(({ body }) => body['type'] === 'PaymentAccepted')) {
    const key = `${item.pk} ${String(item.body['amountMinor'])}`;
    byAmount.set(key, [...(byAmount.get(key) ?? []), item]);
  }
  const stored = (intent: PaidIntent) => byAmount.get(`${intent.accountId} ${intent.amountMinor}`) ?? [];
  const acknowledged = intents.filter((intent) => intent.acknowledged);
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((intent) => stored(intent).length === 0),
    doubled: intents.filter((intent) => stored(intent).length > 1),
    misnamed: acknowledged.filter((intent) => {
      const [first] = stored(intent);
      return first !== undefined && first.sk !== acceptanceKey(intent.acknowledged?.paymentId ?? '');
    }),
    unacknowledgedButStored: intents.filter((intent) => !intent.acknowledged && stored(intent).length > 0).length,
  };
};

/** Opens accounts in USD through the front door. */
export const openAccounts = async (baseload: Harness, accounts: readonly string[]): Promise<void> => {
  const token = await baseload.token({ scope: 'billing:operate' });
  for (const accountId of accounts) {
    const body = { accountId, name: 'A payer', currency: 'USD', timeZone: 'America/New_York' };
    const { status } = await baseload.api('POST', '/v1/accounts', { token, body });
    if (status !== 201 && status !== 200) throw new Error(`opening ${accountId}: ${status}`);
  }
};

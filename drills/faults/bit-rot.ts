// Owns facts that rot: their checksum in the ledger, or a view's copy of them, is no longer theirs.
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '../../lambdas/shared/names.ts';
import { operatorDynamo } from '../auditor/auditor.ts';
import type { Harness } from '../pair/harness.ts';

export interface FactAddress {
  readonly pk: string;
  readonly sk: string;
}

const WRONG_SUM = 'A'.repeat(43);

/** Past every handler, as no service would do it. */
export const rot = async (
  baseload: Harness,
  region: string,
  table: 'ledger' | 'views',
  facts: readonly FactAddress[],
): Promise<void> => {
  const { jurisdiction } = await baseload.wiring();
  const dynamo = operatorDynamo(await baseload.dynamodb(region), region);
  try {
    for (const { pk, sk } of facts)
      await dynamo.send(
        new UpdateItemCommand({
          TableName: tableName(jurisdiction, table),
          Key: { pk: { S: pk }, sk: { S: sk } },
          UpdateExpression: 'SET #sum = :wrong',
          ExpressionAttributeNames: { '#sum': 'sum' },
          ExpressionAttributeValues: { ':wrong': { S: WRONG_SUM } },
        }),
      );
  } finally {
    dynamo.destroy();
  }
};

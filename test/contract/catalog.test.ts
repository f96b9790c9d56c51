import { describe, expect, test } from '@jest/globals';
import { DynamoCatalog } from '../../lambdas/adapters/dynamo/catalog.ts';
import { MemoryCatalog } from '../../lambdas/adapters/memory/catalog.ts';
import type { AccountId } from '../../lambdas/domain/ids.ts';
import { TABLES } from '../engine/tables.ts';
import { catalogContract } from './catalog.contract.ts';
import { onDynamo } from './on-dynamo.ts';

describe('the catalog in memory', () => {
  const memory = new MemoryCatalog();
  catalogContract(() => memory);
});

describe('the catalog on dynamo', () => {
  const on = onDynamo();
  const open = () => new DynamoCatalog(on.dynamo, TABLES.catalog);
  catalogContract(open);

  test('a join that ended between its two rows is completed by the next', async () => {
    on.proxy.next('PutItem', { kind: 'lost-answer' });
    expect(await open().joinMeter('us_lost' as AccountId, 'lost')).toBe('written');
    expect(await open().meters('us_lost' as AccountId)).toEqual([{ meterId: 'lost', tariffs: [] }]);
  });

  test('a refusal comes as CatalogUnavailable', async () => {
    on.proxy.next('Query', { kind: 'refuse', exception: 'AccessDeniedException', message: 'not yours' });
    await expect(open().meters('us_a' as AccountId)).rejects.toMatchObject({
      name: 'CatalogUnavailable',
      message: 'Query failed after 1 attempt(s): not yours',
    });
  });
});

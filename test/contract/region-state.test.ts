import { describe, expect, test } from '@jest/globals';
import { DynamoRegionState } from '../../lambdas/adapters/dynamo/region-state.ts';
import { MemoryRegionState } from '../../lambdas/adapters/memory/region-state.ts';
import { TABLES } from '../engine/tables.ts';
import { onDynamo } from './on-dynamo.ts';
import { regionStateContract } from './region-state.contract.ts';

describe('region-state in memory', () => {
  const memory = new MemoryRegionState();
  regionStateContract(() => memory);
});

describe('region-state on dynamo', () => {
  const on = onDynamo();
  const open = () => new DynamoRegionState(on.dynamo, TABLES.regionState);
  regionStateContract(open);

  test('a refusal comes as RegionStateUnavailable', async () => {
    on.proxy.next('GetItem', { kind: 'refuse', exception: 'AccessDeniedException', message: 'not yours' });
    await expect(open().isEvacuated('us-east-1')).rejects.toMatchObject({
      name: 'RegionStateUnavailable',
      message: 'GetItem failed after 1 attempt(s): not yours',
    });
  });
});

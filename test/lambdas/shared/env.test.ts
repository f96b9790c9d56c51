import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { jurisdictionRegions, ownRegion, setting } from '../../../lambdas/shared/env.ts';

const before = { ...process.env };
beforeEach(() => {
  process.env.AWS_REGION = 'us-east-1';
});
afterEach(() => {
  process.env = { ...before };
});

test('a variable that is missing or empty is named, with what to do', () => {
  const message =
    'environment variable BASELOAD_LEDGER_TABLE is not set: the function’s template must declare it'.replace('’', "'");
  delete process.env.BASELOAD_LEDGER_TABLE;
  expect(() => setting('ledgerTable')).toThrow(message);
  process.env.BASELOAD_LEDGER_TABLE = '';
  expect(() => setting('ledgerTable')).toThrow(message);
  process.env.BASELOAD_LEDGER_TABLE = 'baseload-us-ledger-g1';
  expect(setting('ledgerTable')).toBe('baseload-us-ledger-g1');
});

test('the Regions of the jurisdiction include this one', () => {
  process.env.BASELOAD_REGIONS = 'us-east-1, us-west-2';
  expect([ownRegion(), jurisdictionRegions()]).toEqual(['us-east-1', ['us-east-1', 'us-west-2']]);
  process.env.BASELOAD_REGIONS = 'us-west-2';
  expect(() => jurisdictionRegions()).toThrow(
    'BASELOAD_REGIONS is "us-west-2" and lacks us-east-1, the Region this function runs in',
  );
});

import { expect, test } from '@jest/globals';
import { tableName } from '../../lambdas/shared/names.ts';
test('n', () => expect(tableName('us', 'ledger')).toBe('baseload-us-ledger-g1'));

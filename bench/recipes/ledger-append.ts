// Owns what of Baseload's payment is the ledger's: a fact that was decided before, appended through its adapter.
// Leaves out what the function does around it: reading the request, deciding, answering, counting.
import { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoEventLog } from '../../lambdas/adapters/dynamo/event-log.ts';
import { CREDENTIALS } from '../engine/sdk-client.ts';
import { REGION, TABLES } from '../engine/tables.ts';
import { opened, paid } from '../workload/history.ts';
import { accountOf, type Recipe } from './recipe.ts';

export const ledgerAppend: Recipe = {
  name: 'Baseload, the append of the fact alone',
  open: (endpoint) => {
    const dynamo = new Dynamo({ region: REGION, endpoint, credentials: CREDENTIALS });
    const ledger = new DynamoEventLog(dynamo, TABLES.ledger);
    return (n) => {
      const fact = paid(opened(accountOf(n)), n);
      return async () => {
        const { kind } = await ledger.append(fact);
        if (kind !== 'appended') throw new Error(`payment ${n} of the workload was there before`);
      };
    };
  },
};

// Owns the worker of the queue `bill-runs`: the bill of one account and period from a message, each by itself.
// Leaves to issue-account-bill.ts what is issued, to SQS that what failed comes again and ends in the dead-letter queue.
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { decodeBillRun } from '../shared/messages.ts';
import { METRICS } from '../shared/metric-names.ts';
import { errorFields } from '../shared/telemetry.ts';
import { type IssueBillsDeps, issueAccountBill } from './issue-account-bill.ts';

export type IssueBillsHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

export const createIssueBillsHandler =
  (deps: IssueBillsDeps): IssueBillsHandler =>
  async ({ Records }) => {
    const { telemetry } = deps;
    const failed: string[] = [];
    for (const { messageId, body } of Records) {
      const message = decodeBillRun(body);
      try {
        if (message === undefined) throw new Error('a message that no bill run wrote');
        const outcome = await issueAccountBill(deps, message);
        if (outcome === 'issued') telemetry.count(METRICS.billsIssued);
        if (outcome === 'held-back') telemetry.count(METRICS.billsHeldBack);
      } catch (error) {
        telemetry.count(METRICS.workFailures);
        telemetry.error('bill not issued', { accountId: message?.accountId, ...errorFields(error) });
        failed.push(messageId);
      }
    }
    telemetry.flush();
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

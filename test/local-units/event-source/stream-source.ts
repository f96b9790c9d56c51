// Owns the plan of a stream source as the tests of this folder have it, where they say nothing else.
import type { StreamSourcePlan } from '../../../local/assembly/plan.ts';

export const streamSource = (plan: Partial<StreamSourcePlan> = {}): StreamSourcePlan => ({
  functionName: 'consumer',
  streamArn: 'arn',
  batchSize: 100,
  batchingWindowSeconds: 0,
  startingPosition: 'TRIM_HORIZON',
  maximumRetryAttempts: 1,
  maximumRecordAgeSeconds: -1,
  bisectOnError: true,
  reportBatchItemFailures: true,
  parallelizationFactor: 1,
  ...plan,
});

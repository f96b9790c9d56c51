// Owns the way from the Region's own replica of the ledger to project-facts: the stream's real ARN, retries, what is given up.
// Leaves to the function what it does with a batch, and to failure-queue.ts where a batch goes that cannot be applied.
import { CustomResource, Duration } from 'aws-cdk-lib';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { STREAM_REACH_SECONDS, tableName } from '../../lambdas/shared/names.ts';
import type { RegionScope } from '../region-scope.ts';
import { BillingFunction } from './billing-function.ts';
import { FailureQueue } from './failure-queue.ts';
import { grantsOf, streamWorkerGrants } from './function-grants.ts';

/** Rides out throttles and short failures; a record that can never be applied must not hold up its shard for hours. */
const MAX_RETRIES = 10;
const BATCH_SIZE = 100;

export class StreamWorker extends Construct {
  readonly worker: BillingFunction;
  /** Known while the stack is deployed. */
  readonly streamArn: string;
  readonly failures: Queue;

  constructor(parent: Construct, id: string, scope: RegionScope) {
    super(parent, id);
    const { jurisdiction, ledgerGeneration } = scope.config;
    const finder = new BillingFunction(this, 'ReplicaStream', {
      scope,
      slug: 'replica-stream',
      grants: grantsOf(scope, 'replica-stream'),
    });
    // `tableStreamArn` of a replica synthesizes as `…/stream/*`, which does not deploy: the Region asks its own replica.
    const stream = new CustomResource(this, 'Stream', {
      resourceType: 'Custom::ReplicaStream',
      serviceToken: finder.fn.functionArn,
      serviceTimeout: Duration.minutes(15),
      properties: {
        // A new generation of the table has a new stream: the changed properties make CloudFormation ask again.
        TableName: tableName(jurisdiction, 'ledger', ledgerGeneration),
        Generation: ledgerGeneration,
      },
    });
    this.streamArn = stream.getAttString('StreamArn');
    this.failures = new FailureQueue(this, 'Failures', scope).queue;

    this.worker = new BillingFunction(this, 'ProjectFacts', {
      scope,
      slug: 'project-facts',
      grants: streamWorkerGrants(scope, this.streamArn, this.failures.queueArn),
    });
    new CfnEventSourceMapping(this, 'Source', {
      functionName: this.worker.alias.functionArn,
      eventSourceArn: this.streamArn,
      // Everything from the beginning: a view without the first facts would be wrong for ever.
      startingPosition: 'TRIM_HORIZON',
      batchSize: BATCH_SIZE,
      maximumBatchingWindowInSeconds: 0,
      parallelizationFactor: 1,
      maximumRetryAttempts: MAX_RETRIES,
      maximumRecordAgeInSeconds: STREAM_REACH_SECONDS,
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ['ReportBatchItemFailures'],
      destinationConfig: { onFailure: { destination: this.failures.queueArn } },
    });
  }
}

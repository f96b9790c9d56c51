// Owns one queue of work: queue, DLQ, what moves a message there, and the event source that brings batches to its worker.
// Leaves to the worker what it does with a message, and to lib/alarms what is watched; alarms are made before this is.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { type IQueue, Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLetterQueueName, QUEUE_WORKERS, type QueueSlug, queueName } from '../../lambdas/shared/names.ts';
import { type AlarmSlug, alarmOf } from '../alarms/registry.ts';
import { queueArn } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import { type BillingFunction, timeoutSecondsOf } from './billing-function.ts';

/** AWS advises six times the function's time: a batch that was throttled must not come again while it is still tried. */
const VISIBILITY_TIMEOUTS = 6;

export interface WorkQueueProps {
  readonly scope: RegionScope;
  readonly queue: QueueSlug;
  readonly worker: BillingFunction;
  /** Who notices when it is not worked: `queueAlarms(queue)` of the registry, or why nobody needs to. */
  readonly alarms: { readonly oldestAge: AlarmSlug; readonly deadLetters: AlarmSlug } | { readonly none: string };
  /** Messages of one invocation, 1 to 10; for more a batching window is needed. */
  readonly batchSize: number;
  /** How long to wait for a batch to fill, seconds; by default not at all. */
  readonly batchingWindowSeconds?: number;
  /** Invocations at once, 2 to 1000; keep it at or below the worker's reserved concurrency, or throttles count as receives. */
  readonly maximumConcurrency: number;
  /** After so many receives without success a message goes to the DLQ. Lambda's own retries need at least 5 (AWS's advice). */
  readonly maxReceiveCount?: number;
}

export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(parent: Construct, id: string, props: WorkQueueProps) {
    super(parent, id);
    const {
      scope,
      queue,
      worker,
      batchSize,
      batchingWindowSeconds = 0,
      maximumConcurrency,
      maxReceiveCount = 5,
    } = props;
    const { stack, key, config } = scope;
    if (QUEUE_WORKERS[queue] !== worker.slug) {
      throw new Error(`queue ${queue} is worked by ${QUEUE_WORKERS[queue]}, got ${worker.slug}: see names.ts`);
    }
    const reserved = config.reservedConcurrency[worker.slug];
    if (maximumConcurrency < 2 || maximumConcurrency > reserved) {
      throw new Error(
        `the maximum concurrency of ${queue} is 2 to the ${reserved} reserved for ${worker.slug}, got ${maximumConcurrency}`,
      );
    }
    // An alarm that is not in the registry is not made: naming it here is what proves that somebody is told.
    if (!('none' in props.alarms)) for (const slug of Object.values(props.alarms)) alarmOf(slug);

    const kept = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      // Work that was acknowledged: a deleted stack must not delete it.
      // Kept for ever, but a first deployment that fails must not leave it behind to block its own name.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    };
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...kept,
      queueName: deadLetterQueueName(config.jurisdiction, queue),
      // A message keeps the age it had, so this must outlast the queue's own retention.
      retentionPeriod: Duration.days(14),
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        sourceQueues: [Queue.fromQueueArn(this, 'Source', queueArn(stack, config.jurisdiction, queue)) as IQueue],
      },
    });
    this.queue = new Queue(this, 'Queue', {
      ...kept,
      queueName: queueName(config.jurisdiction, queue),
      retentionPeriod: Duration.days(7),
      visibilityTimeout: Duration.seconds(timeoutSecondsOf(worker.slug) * VISIBILITY_TIMEOUTS + batchingWindowSeconds),
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    });
    new CfnEventSourceMapping(this, 'EventSource', {
      functionName: worker.alias.functionArn,
      eventSourceArn: this.queue.queueArn,
      batchSize,
      maximumBatchingWindowInSeconds: batchingWindowSeconds,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency },
    });
  }
}

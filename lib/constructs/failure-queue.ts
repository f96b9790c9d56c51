// Owns the queue where the stream worker leaves batches that no retry could apply.
// Leaves to the runbook projection-failures how they are applied again.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { failureQueueName } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';

export class FailureQueue extends Construct {
  readonly queue: Queue;

  constructor(parent: Construct, id: string, { key, config: { jurisdiction } }: RegionScope) {
    super(parent, id);
    this.queue = new Queue(this, 'Queue', {
      queueName: failureQueueName(jurisdiction),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      // The longest there is: a message is the only note of where in the stream the batch was.
      retentionPeriod: Duration.days(14),
      // Not kept when its own creation is rolled back: it is empty then, and would block its name.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    acknowledge(
      this.queue,
      'AwsSolutions-SQS3',
      'it is the dead-letter destination of the stream: nothing consumes it but an operator',
    );
  }
}

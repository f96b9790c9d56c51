// Owns the rights on queues: who hands work on and who takes it, queues named as functions find them.
// Leaves to function-grants.ts which function gets which.
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { QueueSlug } from '../../lambdas/shared/names.ts';
import { queueArn } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import { sendWork, takeWork, useKey } from './grants.ts';

/** Of a function that sends to `queues`. */
export const sendsTo = (scope: RegionScope, ...queues: readonly QueueSlug[]): readonly PolicyStatement[] => [
  sendWork(queues.map((queue) => queueArn(scope.stack, scope.config.jurisdiction, queue))),
  useKey(scope, 'sqs', 'write'),
];

/** Of the worker of `queue`, which may also send to it: while work must wait it sends delayed copies. */
export const worksAndPostpones = (scope: RegionScope, queue: QueueSlug): readonly PolicyStatement[] => [
  takeWork(queueArn(scope.stack, scope.config.jurisdiction, queue)),
  ...sendsTo(scope, queue),
];

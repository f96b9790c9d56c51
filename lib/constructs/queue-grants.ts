// Owns the rights on queues: who hands work on and who takes it, queues named as functions find them.
// Leaves to function-grants.ts which function gets which.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { QUEUES, type QueueSlug } from '../../lambdas/shared/names.ts';
import { deadLetterQueueArn, queueArn } from '../names.ts';
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

/** Of who moves dead letters back. SQS moves in its caller's name: it receives and deletes there, and sends here. */
export const redrivesAll = (scope: RegionScope): readonly PolicyStatement[] => {
  const { stack, config } = scope;
  return [
    new PolicyStatement({
      sid: 'MoveDeadLetters',
      actions: [
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ListMessageMoveTasks',
        'sqs:ReceiveMessage',
        'sqs:StartMessageMoveTask',
      ],
      resources: QUEUES.map((queue) => deadLetterQueueArn(stack, config.jurisdiction, queue)),
    }),
    ...sendsTo(scope, ...QUEUES),
  ];
};

// Owns how a custom resource answers: one PUT to the address CloudFormation sent, tried a few times.
// Leaves to create-replica-stream-handler.ts what the answer is.
import { setTimeout as delay } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { DEPLOYMENT } from '../shared/policies.ts';

export type ResourceAnswer = { readonly physicalId: string } & (
  | { readonly status: 'SUCCESS'; readonly data: Readonly<Record<string, string>> }
  | { readonly status: 'FAILED'; readonly reason: string }
);

export type AnswerToCloudFormation = (
  event: CloudFormationCustomResourceEvent,
  answer: ResourceAnswer,
) => Promise<void>;

const { tries, timeoutMs, pauseMs } = DEPLOYMENT.answer;
/** CloudFormation takes at most 4096 bytes in all. */
const MAX_REASON = 1_000;

/** @throws Error when no attempt was taken: Lambda then tries the whole event again. */
export const answerCloudFormation: AnswerToCloudFormation = async (event, answer) => {
  const body = JSON.stringify({
    Status: answer.status,
    Reason: answer.status === 'FAILED' ? answer.reason.slice(0, MAX_REASON) : 'found',
    PhysicalResourceId: answer.physicalId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    Data: answer.status === 'SUCCESS' ? answer.data : {},
  });
  let failure = '';
  for (let attempt = 1; attempt <= tries; attempt++) {
    try {
      // The address is signed for an empty content type.
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(event.ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' }, signal });
      if (response.ok) return;
      failure = `status ${response.status}`;
    } catch (error) {
      failure = error instanceof Error ? error.message : 'no answer';
    }
    if (attempt < tries) await delay(pauseMs * attempt);
  }
  throw new Error(`CloudFormation did not take the answer after ${tries} attempts: ${failure}`);
};

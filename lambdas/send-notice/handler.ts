// Owns the wiring of the send-notice function: what a worker makes once, the signing key read before the first batch.
// Leaves to create-send-notice-handler.ts what it does.
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { readSecret } from '../adapters/secrets.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { WebhookNotifier } from '../adapters/webhook-notifier.ts';
import type { Notifier } from '../ports/notifier.ts';
import { optionalSetting, ownRegion, setting } from '../shared/env.ts';
import { noticeSecretName } from '../shared/names.ts';
import { NOTICE_TIMEOUT_MS } from '../shared/policies.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createSendNoticeHandler } from './create-send-notice-handler.ts';

const region = ownRegion();
const telemetry = createTelemetry('send-notice');
const ledger = new DynamoEventLog(new Dynamo({ region }), setting('ledgerTable'));
const queue = new SqsQueue(createSqsClient({ region }), queueUrl('notices'));

/** Where the config file names no webhook, every notice has been heard by everybody who wants it. */
const NOBODY: Notifier = { deliver: async () => undefined };

const openNotifier = async (): Promise<Notifier> => {
  const url = optionalSetting('noticeWebhook');
  if (url === undefined) return NOBODY;
  const secret = await readSecret(region, noticeSecretName(setting('jurisdiction')));
  return new WebhookNotifier({ url, secret, timeoutMs: NOTICE_TIMEOUT_MS, clock: systemClock });
};

let opened: ReturnType<typeof openNotifier> | undefined;

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  opened ??= openNotifier();
  try {
    const notifier = await opened;
    return await createSendNoticeHandler({ ledger, notifier, queue, clock: systemClock, telemetry })(event);
  } catch (error) {
    // A key that could not be read is asked for again with the next batch.
    opened = undefined;
    throw error;
  }
};

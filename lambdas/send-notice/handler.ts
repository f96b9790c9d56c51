// Owns the wiring of the send-notice function: what a worker makes once, the signing key read before the first batch.
// Leaves to create-send-notice-handler.ts what it does.
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { DynamoProfiles } from '../adapters/dynamo/profiles.ts';
import { DynamoSentMails } from '../adapters/dynamo/sent-mails.ts';
import { readSecret } from '../adapters/secrets.ts';
import { createSesClient, SesMailSender } from '../adapters/ses-mail-sender.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { WebhookNotifier } from '../adapters/webhook-notifier.ts';
import { createBreaker } from '../shared/breaker.ts';
import { optionalSetting, ownRegion, setting } from '../shared/env.ts';
import { mailConfigurationSetName, noticeSecretName } from '../shared/names.ts';
import { TIMEOUTS } from '../shared/policies.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createSendNoticeHandler, type SendNoticeDeps } from './create-send-notice-handler.ts';
import { EmailNotifier } from './email-notifier.ts';

type Channels = SendNoticeDeps['channels'];

const region = ownRegion();
const telemetry = createTelemetry('send-notice');
const dynamo = new Dynamo({ region });
const ledger = new DynamoEventLog(dynamo, setting('ledgerTable'));
const queue = new SqsQueue(createSqsClient({ region }), queueUrl('notices'));

/** Where the config file names neither webhook nor sender, every notice has been heard by everybody who wants it. */
const openChannels = async (): Promise<Channels> => ({ ...(await openWebhook()), ...openEmail() });

const openWebhook = async (): Promise<Channels> => {
  const url = optionalSetting('noticeWebhook');
  if (url === undefined) return {};
  const secret = await readSecret(region, noticeSecretName(setting('jurisdiction')));
  const notifier = new WebhookNotifier({ url, secret, timeoutMs: TIMEOUTS.noticeMs, clock });
  return { webhook: { notifier, breaker: createBreaker('notices', { clock, telemetry }) } };
};

const openEmail = (): Channels => {
  const from = optionalSetting('noticeSender');
  if (from === undefined) return {};
  const configurationSet = mailConfigurationSetName(setting('jurisdiction'));
  const notifier = new EmailNotifier({
    profiles: new DynamoProfiles(dynamo, setting('profilesTable')),
    sentMails: new DynamoSentMails(dynamo, setting('profilesTable')),
    sender: new SesMailSender(createSesClient({ region }), { from, configurationSet }),
    clock,
    telemetry,
  });
  return { email: { notifier, breaker: createBreaker('mail', { clock, telemetry }) } };
};

/** Made once a worker: its breakers remember. */
const open = async (): Promise<ReturnType<typeof createSendNoticeHandler>> =>
  createSendNoticeHandler({
    ledger,
    ledgerBreaker: createBreaker('ledger', { clock, telemetry }),
    channels: await openChannels(),
    queue,
    clock,
    random: Math.random,
    telemetry,
  });

let opened: ReturnType<typeof open> | undefined;

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  opened ??= open();
  try {
    return await (await opened)(event);
  } catch (error) {
    // A key that could not be read is asked for again with the next batch.
    opened = undefined;
    throw error;
  }
};

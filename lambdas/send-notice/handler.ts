// Owns the wiring of the send-notice function: what a worker makes once, and which channels are open.
// Leaves to create-send-notice-handler.ts what it does.
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

const region = ownRegion();
const telemetry = createTelemetry('send-notice');
const dynamo = new Dynamo({ region });
const watched = { clock, telemetry };

/** Where the config file names neither webhook nor sender, every notice has been heard by everybody who wants it. */
const channels = (): SendNoticeDeps['channels'] => ({ ...webhookChannel(), ...emailChannel() });

const webhookChannel = (): SendNoticeDeps['channels'] => {
  const url = optionalSetting('noticeWebhook');
  if (url === undefined) return {};
  const secretName = noticeSecretName(setting('jurisdiction'));
  const open = async () => {
    const secret = await readSecret(region, secretName);
    return new WebhookNotifier({ url, secret, timeoutMs: TIMEOUTS.noticeMs, clock });
  };
  return { webhook: { open, breaker: createBreaker('notices', watched) } };
};

const emailChannel = (): SendNoticeDeps['channels'] => {
  const from = optionalSetting('noticeSender');
  if (from === undefined) return {};
  const configurationSet = mailConfigurationSetName(setting('jurisdiction'));
  const notifier = new EmailNotifier({
    profiles: new DynamoProfiles(dynamo, setting('profilesTable')),
    sentMails: new DynamoSentMails(dynamo, setting('profilesTable')),
    sender: new SesMailSender(createSesClient({ region }), { from, configurationSet }),
    ...watched,
  });
  return { email: { open: async () => notifier, breaker: createBreaker('mail', watched) } };
};

export const handler = createSendNoticeHandler({
  ledger: new DynamoEventLog(dynamo, setting('ledgerTable')),
  ledgerBreaker: createBreaker('ledger', watched),
  channels: channels(),
  queue: new SqsQueue(createSqsClient({ region }), queueUrl('notices')),
  random: Math.random,
  ...watched,
});

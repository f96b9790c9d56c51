// Owns the proof that a mail is taken as SES takes it: by right, from an identity that is there, and whole or not at all.
import { SESv2Client, SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { afterEach, expect, test } from '@jest/globals';
import type { PolicyStatement } from '../../../local/assembly/plan.ts';
import { type LocalSes, startLocalSes, TESTER } from './local-ses.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const open = async (accessKeyId: string, statements?: readonly PolicyStatement[]) => {
  const ses: LocalSes = await startLocalSes(statements);
  closing.push(() => ses.stop());
  const credentials = { accessKeyId, secretAccessKey: 'x' };
  const client = new SESv2Client({ region: 'us-east-1', endpoint: ses.url, credentials, maxAttempts: 1 });
  closing.push(() => client.destroy());
  return { ses, send: (changes: object = {}) => client.send(new SendEmailCommand({ ...MAIL, ...changes })) };
};

const part = (Data: string) => ({ Data });
const simple = (more: object = {}) => ({
  Simple: { Subject: part('Łódź'), Body: { Text: part('a'), Html: part('<b>a</b>') }, ...more },
});
const MAIL: SendEmailCommandInput = {
  FromEmailAddress: 'billing@us.example.com',
  Destination: { ToAddresses: ['ada@example.com'] },
  ConfigurationSetName: 'notices',
  Content: simple({ Headers: [{ Name: 'Baseload-Notice-Id', Value: 'abc' }] }),
};
const RIGHT: PolicyStatement = {
  Effect: 'Allow',
  Action: ['ses:SendEmail'],
  Resource: [
    'arn:aws:ses:us-east-1:111111111111:identity/us.example.com',
    'arn:aws:ses:us-east-1:111111111111:configuration-set/notices',
  ],
  Condition: { StringEquals: { 'ses:FromAddress': 'billing@us.example.com' } },
};

test('a mail that is taken is in the outbox with its headers', async () => {
  const { ses, send } = await open(TESTER, [RIGHT]);
  const { MessageId } = await send();
  expect(ses.outbox()).toEqual([
    {
      messageId: MessageId,
      sentAtMs: 1_793_620_800_000,
      from: 'billing@us.example.com',
      to: ['ada@example.com'],
      subject: 'Łódź',
      text: 'a',
      html: '<b>a</b>',
      headers: { 'Baseload-Notice-Id': 'abc' },
    },
  ]);
});

test.each<[string, readonly PolicyStatement[], string]>([
  ['no right', [], 'identity/us.example.com'],
  ['another sender', [RIGHT], 'identity/us.example.com'],
  ['no right on the set', [{ ...RIGHT, Resource: RIGHT.Resource.slice(0, 1) }], 'configuration-set/notices'],
])('%s is refused as IAM refuses it', async (what, statements, resource) => {
  const { ses, send } = await open(TESTER, statements);
  const from = what === 'another sender' ? { FromEmailAddress: 'ceo@us.example.com' } : {};
  await expect(send(from)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(ses.denials).toEqual([
    expect.stringContaining(
      `not authorized to perform: ses:SendEmail on resource: arn:aws:ses:us-east-1:111111111111:${resource}`,
    ),
  ]);
  expect(ses.outbox()).toEqual([]);
});

test.each<[string, object, string]>([
  ['an identity that is not there', { FromEmailAddress: 'billing@other.test' }, 'MessageRejected'],
  ['a configuration set that is not there', { ConfigurationSetName: 'none' }, 'NotFoundException'],
  [
    'a header that SES writes itself',
    { Content: simple({ Headers: [{ Name: 'Bcc', Value: 'x@y.z' }] }) },
    'BadRequestException',
  ],
  ['no recipient', { Destination: { ToAddresses: [] } }, 'BadRequestException'],
  ['what is not imitated', { ReplyToAddresses: ['a@example.com'] }, 'BadRequestException'],
  ['a tag with a blank', { EmailTags: [{ Name: 'a b', Value: 'c' }] }, 'BadRequestException'],
])('%s is refused', async (_what, changes, name) => {
  const { ses, send } = await open('operator');
  await expect(send(changes)).rejects.toMatchObject({ name });
  expect(ses.outbox()).toEqual([]);
});

test('an access key that is nobody’s is refused', async () => {
  const { send } = await open('stranger');
  await expect(send()).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
});

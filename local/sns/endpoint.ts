// Owns a Region's SNS endpoint: Publish to a topic, as today's SDK speaks it (AWS Query, XML).
// Leaves to topics.ts the messages, to local/iam how policies are evaluated.
// Source: SNS API reference, Publish; "Amazon SNS message attributes".
import type { Reply } from '../dynamodb/protocol.ts';
import { startWireServer, type WireServer } from '../dynamodb/wire-server.ts';
import { type Guard, type GuardedEndpoint, guardOf } from '../iam/guard.ts';
import { xmlReply } from '../s3/refusals.ts';
import type { Topics } from './topics.ts';

export interface SnsOptions extends GuardedEndpoint {
  readonly topics: Topics;
}

/** SNS: subjects are ASCII, begin with a letter, number or punctuation mark, have no line breaks, and at most 100 characters. */
const SUBJECT = /^[\x21-\x7e][\x20-\x7e]{0,99}$/;
const MAX_MESSAGE_BYTES = 256 * 1024;
const KNOWN =
  /^(?:Action|Version|TopicArn|Subject|Message|MessageAttributes\.entry\.\d+\.(?:Name|Value\.DataType|Value\.StringValue))$/;

const refusal = (status: number, Code: string, Message: string): Reply =>
  xmlReply(status, { ErrorResponse: { Error: { Type: 'Sender', Code, Message }, RequestId: 'local' } });

/** Listens on a free port of 127.0.0.1. @throws Error for a policy that cannot be evaluated */
export const startSns = (options: SnsOptions): Promise<WireServer> => {
  const { topics, onDefect } = options;
  const guards = guardOf(options);
  return startWireServer(
    0,
    async (request, raw) => {
      const guard = guards(request);
      if (guard === undefined)
        return refusal(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
      const fields = new URLSearchParams(raw.toString('utf8'));
      const unknown = [...fields.keys()].find((name) => !KNOWN.test(name));
      if (fields.get('Action') !== 'Publish' || unknown !== undefined)
        return refusal(400, 'InvalidAction', `not emulated locally: ${fields.get('Action')} ${unknown ?? ''}`);
      return publish(topics, guard, fields);
    },
    onDefect,
  );
};

const publish = (topics: Topics, guard: Guard, fields: URLSearchParams): Reply => {
  const topicArn = fields.get('TopicArn') ?? '';
  const denied = guard.refusal('sns:Publish', topicArn);
  if (denied !== undefined) return refusal(403, 'AuthorizationError', denied);
  if (!topics.has(topicArn)) return refusal(404, 'NotFound', 'Topic does not exist');
  const subject = fields.get('Subject') ?? '';
  if (subject !== '' && !SUBJECT.test(subject)) return refusal(400, 'InvalidParameter', 'Invalid parameter: Subject');
  const message = fields.get('Message') ?? '';
  if (message === '') return refusal(400, 'InvalidParameter', 'Invalid parameter: Empty message');
  if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES)
    return refusal(400, 'InvalidParameter', 'Invalid parameter: Message too long');
  const MessageId = topics.publish({ topicArn, subject, message, attributes: attributesOf(fields) });
  return xmlReply(200, { PublishResponse: { PublishResult: { MessageId }, ResponseMetadata: { RequestId: 'local' } } });
};

const attributesOf = (fields: URLSearchParams): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...fields].flatMap(([field, name]) => {
      const entry = /^(MessageAttributes\.entry\.\d+)\.Name$/.exec(field)?.[1];
      return entry === undefined ? [] : [[name, fields.get(`${entry}.Value.StringValue`) ?? '']];
    }),
  );

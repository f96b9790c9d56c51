// Owns DynamoDB's JSON protocol as a server speaks it: operations in, answers and AWS's errors out.
// Leaves to the gateways what an operation does.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DYNAMODB_TARGET, STREAMS_TARGET, type WireAnswer } from './engine-client.ts';

/** A request body after parsing; what is in it is checked where it is used. */
export type RequestBody = Readonly<Record<string, unknown>>;

/** `answer` is sent; `dropped` ends the connection without one; `silent` leaves the client waiting. */
export type Reply =
  | ({ readonly kind: 'answer' } & WireAnswer)
  | {
      /** Of a service that does not speak JSON. */
      readonly kind: 'bytes';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
    }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'silent' };

/** A refusal as AWS would word it. */
export class AwsRefusal extends Error {
  override readonly name = 'AwsRefusal';

  constructor(
    readonly status: number,
    /** Shape name without its namespace. */
    readonly type: string,
    message: string,
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

const NAMESPACES: Readonly<Record<string, string>> = {
  ValidationException: 'com.amazon.coral.validate',
  UnknownOperationException: 'com.amazon.coral.service',
  SerializationException: 'com.amazon.coral.service',
  ThrottlingException: 'com.amazon.coral.availability',
};

export const validation = (message: string): AwsRefusal => new AwsRefusal(400, 'ValidationException', message);

export const resourceNotFound = (what: string): AwsRefusal =>
  new AwsRefusal(400, 'ResourceNotFoundException', `Requested resource not found: ${what}`);

/** What this machine does not imitate is an error, never a silent difference from AWS. */
export const notEmulated = (what: string): AwsRefusal => validation(`not emulated locally: ${what}`);

export const answer = (body: object, status = 200): Reply => ({ kind: 'answer', status, body: JSON.stringify(body) });

export const passedOn = (wire: WireAnswer): Reply => ({ kind: 'answer', ...wire });

export const refused = (refusal: AwsRefusal): Reply =>
  answer(
    {
      __type: `${NAMESPACES[refusal.type] ?? 'com.amazonaws.dynamodb.v20120810'}#${refusal.type}`,
      message: refusal.message,
      ...refusal.more,
    },
    refusal.status,
  );

export interface Operation {
  readonly service: 'dynamodb' | 'streams';
  readonly name: string;
}

/** From `X-Amz-Target`, or undefined when it names neither service. */
export const operationOf = (request: IncomingMessage): Operation | undefined => {
  const [service, name] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (name === undefined || name === '') return undefined;
  if (service === DYNAMODB_TARGET) return { service: 'dynamodb', name };
  return service === STREAMS_TARGET ? { service: 'streams', name } : undefined;
};

/** DynamoDB's own limit is 16 MB, of BatchWriteItem. */
const BODY_LIMIT_BYTES = 17_000_000;

export const readBody = (request: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BODY_LIMIT_BYTES) request.destroy(new Error(`request body over ${BODY_LIMIT_BYTES} bytes`));
      else chunks.push(chunk);
    });
    request.on('error', reject);
    request.on('end', () => resolve(Buffer.concat(chunks)));
  });

/** @throws AwsRefusal when it is not a JSON object */
export const parseBody = (raw: Buffer): RequestBody => {
  try {
    const parsed: unknown = JSON.parse(raw.length === 0 ? '{}' : raw.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as RequestBody;
  } catch {
    // Answered below, as AWS answers every unreadable body.
  }
  throw new AwsRefusal(400, 'SerializationException', 'Start of structure or map found where not expected.');
};

/** `Date` is what clients compare their clocks with. */
export const sendReply = (response: ServerResponse, reply: Reply, nowMs: number): void => {
  switch (reply.kind) {
    case 'silent':
      return;
    case 'dropped':
      response.socket?.destroy();
      return;
    case 'bytes':
      response.writeHead(reply.status, {
        'content-length': reply.body.length,
        'x-amz-request-id': randomUUID(),
        date: new Date(nowMs).toUTCString(),
        ...reply.headers,
      });
      response.end(reply.body);
      return;
    case 'answer':
      response.writeHead(reply.status, {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(reply.body),
        'x-amzn-requestid': randomUUID(),
        date: new Date(nowMs).toUTCString(),
      });
      response.end(reply.body);
  }
};

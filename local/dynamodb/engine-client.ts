// Owns the calls to an engine or gateway: DynamoDB's JSON protocol over kept-alive connections, bodies passed as they are.
// Leaves to its users what the bodies say.
import { Agent, request } from 'node:http';

export const DYNAMODB_TARGET = 'DynamoDB_20120810';
export const STREAMS_TARGET = 'DynamoDBStreams_20120810';

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly body: string;
}

/** Engines want a signature to be there; they do not check it. */
const ENGINE_SIGNATURE = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=engine/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20260101T000000Z',
} as const;

/** Bounds what is under way at an engine; more waits in the agent's own queue. */
const ENGINE_SOCKETS = 64;

export class DynamoConnection {
  private readonly agent: Agent;

  constructor(
    readonly url: string,
    maxSockets = ENGINE_SOCKETS,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets });
  }

  /** Sends one operation, given up when `signal` fires. @throws the socket's error: whether the operation was done is then unknown */
  send(target: string, body: string | Buffer, signal?: AbortSignal): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        this.url,
        {
          method: 'POST',
          agent: this.agent,
          ...(signal === undefined ? {} : { signal }),
          headers: {
            ...ENGINE_SIGNATURE,
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': target,
            'content-length': Buffer.byteLength(body),
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** One DynamoDB operation with a body already in JSON. */
  raw(operation: string, body: string | Buffer): Promise<WireAnswer> {
    return this.send(`${DYNAMODB_TARGET}.${operation}`, body);
  }

  /** One DynamoDB operation that must succeed. @throws Error with operation, status and body when it does not */
  async must<T>(operation: string, input: object): Promise<T> {
    const answer = await this.raw(operation, JSON.stringify(input));
    if (answer.status !== 200) {
      throw new Error(`${operation} at ${this.url} was answered ${answer.status}: ${answer.body}`);
    }
    return JSON.parse(answer.body) as T;
  }

  close(): void {
    this.agent.destroy();
  }
}

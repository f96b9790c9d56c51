// Owns the wire between the SDK and an engine: counts every request and lets the next ones go wrong as a network or DynamoDB would.
// Leaves to the tests what should follow.
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

type Fault =
  /** DynamoDB's own refusal, the request not carried out. */
  | {
      readonly kind: 'refuse';
      readonly exception: string;
      readonly message?: string;
      readonly status?: number;
      /** Further members of the error, such as CancellationReasons. */
      readonly fields?: object;
    }
  /** The connection drops before the request gets anywhere. */
  | { readonly kind: 'lost-request' }
  /** The request is carried out, then the connection drops. */
  | { readonly kind: 'lost-answer' }
  /** Carried out or not, no byte comes back. */
  | { readonly kind: 'silent'; readonly carriedOut: boolean }
  /** Carried out; the status line comes back and the body never does. */
  | { readonly kind: 'stalled-body' }
  /** Answered with an empty success, not carried out: what a stale replica would do. */
  | { readonly kind: 'pretend' }
  /** Carried out, with another `Date` header. */
  | { readonly kind: 'date'; readonly date: string };

interface SeenRequest {
  readonly operation: string;
  readonly body: Record<string, unknown>;
  /** As the engine reported them; write units for writes. */
  consumedUnits: number;
  /** Settles when the client has closed the connection before it had its answer. */
  readonly letGo: Promise<void>;
}

export interface FaultProxy {
  readonly endpoint: string;
  readonly seen: readonly SeenRequest[];
  /** The next `count` requests of `operation` suffer `fault`; faults queue up. */
  next(operation: string, fault: Fault, count?: number): void;
  /** Forgets what was seen and which faults were still to come. */
  reset(): void;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.0' };

const collect = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/** Sums `CapacityUnits` of one answer, or of the list that a transaction gives. */
const unitsOf = (answerBody: string): number => {
  const { ConsumedCapacity } = JSON.parse(answerBody || '{}') as { ConsumedCapacity?: unknown };
  return [ConsumedCapacity ?? []]
    .flat()
    .reduce<number>((sum, one) => sum + Number((one as { CapacityUnits: number }).CapacityUnits), 0);
};

/** Stands before the engine at `upstream`. Asks the engine for consumed capacity on every request, which the callers do not. */
export const startFaultProxy = async (upstream: string): Promise<FaultProxy> => {
  const agent = new Agent({ keepAlive: true });
  const seen: SeenRequest[] = [];
  const faults = new Map<string, Fault[]>();

  const forward = (incoming: IncomingMessage, body: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = { ...incoming.headers, 'content-length': String(Buffer.byteLength(body)) };
      const outgoing = request(`${upstream}${incoming.url}`, { method: 'POST', headers, agent }, async (answer) => {
        const { 'content-type': type = JSON_TYPE['content-type'], date = '' } = answer.headers;
        resolve({
          status: answer.statusCode ?? 500,
          headers: { 'content-type': type, date },
          body: await collect(answer),
        });
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const operation = String(incoming.headers['x-amz-target']).split('.').at(-1) ?? '';
    const body = JSON.parse(await collect(incoming)) as Record<string, unknown>;
    const letGo = new Promise<void>((resolve) =>
      response.once('close', () => {
        if (!response.writableFinished) resolve();
      }),
    );
    const entry: SeenRequest = { operation, body, consumedUnits: 0, letGo };
    seen.push(entry);
    const fault = faults.get(operation)?.shift();
    const carryOut = async () => {
      const answer = await forward(incoming, JSON.stringify({ ...body, ReturnConsumedCapacity: 'TOTAL' }));
      entry.consumedUnits = unitsOf(answer.body);
      return answer;
    };
    const send = ({ status, headers, body: text }: Answer) =>
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);

    switch (fault?.kind) {
      case undefined:
        return void send(await carryOut());
      case 'date':
        return void send({ ...(await carryOut()), headers: { ...JSON_TYPE, date: fault.date } });
      case 'pretend':
        return void send({ status: 200, headers: JSON_TYPE, body: '{}' });
      case 'refuse': {
        const text = JSON.stringify({
          __type: `com.amazonaws.dynamodb.v20120810#${fault.exception}`,
          message: fault.message ?? '',
          ...fault.fields,
        });
        return void send({ status: fault.status ?? 400, headers: JSON_TYPE, body: text });
      }
      case 'lost-request':
        return void incoming.socket.destroy();
      case 'lost-answer':
        await carryOut();
        return void incoming.socket.destroy();
      case 'silent':
        if (fault.carriedOut) await carryOut();
        return;
      case 'stalled-body': {
        const answer = await carryOut();
        response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) + 1 });
        return void response.write(answer.body);
      }
    }
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');

  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    seen,
    next: (operation, fault, count = 1) => {
      faults.set(operation, [...(faults.get(operation) ?? []), ...Array.from({ length: count }, () => fault)]);
    },
    reset: () => {
      seen.length = 0;
      faults.clear();
    },
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

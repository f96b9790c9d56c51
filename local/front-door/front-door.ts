// Owns the one address a payer uses here: what their client would do with the public hostname, no more.
// It follows DNS for the answer's TTL, sends once, never retries; finding another Region is DNS's work, not its.
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { endToEndHeaders } from './headers.ts';
import type { NameCache } from './name-cache.ts';

/** One request, as it ended here. */
export interface Passage {
  /** Undefined when DNS had no answer. */
  readonly target?: string;
  /** Undefined when nothing answered. */
  readonly status?: number;
  /** Until the first byte of the answer. */
  readonly tookMs: number;
}

export interface FrontDoorOptions {
  readonly hostname: string;
  readonly names: NameCache;
  /** The local port that stands for a target of the hosted zone; DNS carries none. */
  readonly portOf: (target: string) => number | undefined;
  /** Told of each request. */
  readonly onPassage?: (passage: Passage) => void;
}

/** API Gateway gives up after 30 s at the latest; a client that waits longer waits for nobody. */
const ANSWER_TIMEOUT_MS = 31_000;

/** A server that is not listening yet. */
export const createFrontDoor = (options: FrontDoorOptions): Server => {
  let pool = { target: '', agent: keptConnections() };
  const agentFor = (target: string): Agent => {
    if (pool.target !== target) {
      retire(pool.agent);
      pool = { target, agent: keptConnections() };
    }
    return pool.agent;
  };

  const forward = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const begunMs = performance.now();
    const tell = (passed: Omit<Passage, 'tookMs'>): void =>
      options.onPassage?.({ ...passed, tookMs: performance.now() - begunMs });
    const target = await options.names.target().catch((cause: unknown) => {
      tell({});
      throw cause;
    });
    const port = options.portOf(target);
    if (port === undefined) {
      tell({ target });
      throw new Error(`DNS answered ${target}, which no Region here serves`);
    }
    const onStatus = (status: number | undefined): void =>
      tell({ target, ...(status === undefined ? {} : { status }) });
    await send(incoming, outgoing, { port, hostname: options.hostname, agent: agentFor(target), target, onStatus });
  };

  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing).catch((cause: Error) => refuse(incoming, outgoing, cause.message));
  });
  server.on('close', () => pool.agent.destroy());
  return server;
};

const keptConnections = (): Agent => new Agent({ keepAlive: true });

/** Requests under way may end; idle connections go now, and none is kept afterwards. */
const retire = (agent: Agent): void => {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
};

interface Destination {
  readonly port: number;
  readonly hostname: string;
  readonly agent: Agent;
  readonly target: string;
  /** Undefined when it did not answer; told once. */
  readonly onStatus: (status: number | undefined) => void;
}

/** Resolves when the answer has been passed on or its passing on has begun and broken off; rejects before its first byte. */
const send = (incoming: IncomingMessage, outgoing: ServerResponse, to: Destination): Promise<void> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', url = '/' } = incoming;
    const forwarded = request({
      host: '127.0.0.1',
      port: to.port,
      method,
      path: url,
      agent: to.agent,
      timeout: ANSWER_TIMEOUT_MS,
      headers: ['Host', to.hostname, ...endToEndHeaders(incoming.rawHeaders, ['host'])],
    });
    forwarded.on('timeout', () => forwarded.destroy(new Error(`no answer in ${ANSWER_TIMEOUT_MS} ms`)));
    let isAnswered = false;
    forwarded.on('error', (cause) => {
      if (!isAnswered) to.onStatus(undefined);
      if (outgoing.headersSent) outgoing.destroy();
      reject(new Error(`${to.target} (127.0.0.1:${to.port}) did not answer: ${cause.message}`, { cause }));
    });
    forwarded.on('response', (answer) => {
      isAnswered = true;
      to.onStatus(answer.statusCode);
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEndHeaders(answer.rawHeaders));
      // A break on either side after this cuts the payer's connection: half an answer must not look whole.
      pipeline(answer, outgoing, () => resolve());
    });
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) forwarded.destroy();
    });
    incoming.pipe(forwarded);
  });

const refuse = (incoming: IncomingMessage, outgoing: ServerResponse, message: string): void => {
  incoming.resume();
  if (outgoing.headersSent || outgoing.destroyed) return;
  outgoing.writeHead(502, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ message }));
};

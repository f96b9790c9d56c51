// Owns a Region that does what a test tells it: a real HTTP server on loopback that answers, hangs, resets, cuts or lies.
// Leaves to the tests what a client makes of it.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Resolves when the connection has ended, by whichever side. */
  readonly closed: Promise<void>;
}

export type Behaviour = (response: ServerResponse, request: Received) => void | Promise<void>;

export const answers =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (response) => {
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body));
  };

/** As API Gateway answers for itself. */
export const gatewayAnswers = (status: number, message: string): Behaviour =>
  answers(status, { message }, { 'content-type': 'application/json' });

export const problem = (status: number, type: string, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  answers(status, { type, title: 'As the slug says', status, detail: 'In a test' }, headers);

export const hangs: Behaviour = () => {};

export const resets: Behaviour = (response) => {
  response.socket?.resetAndDestroy();
};

/** Announces a body of `announced` bytes and ends the connection after `sent`. */
export const cutsShort =
  (status: number, sent: string, announced: number): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': announced });
    response.write(sent, () => response.socket?.destroy());
  };

/** Sends the head of an answer, and then nothing. */
export const stallsInBody =
  (status: number): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).write('{');
  };

/** Does `then` once it is released. */
export const held = (then: Behaviour): { readonly behaviour: Behaviour; readonly release: () => void } => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const behaviour: Behaviour = async (response, request) => {
    await released;
    await then(response, request);
  };
  return { behaviour, release };
};

export class FakeRegion {
  readonly received: Received[] = [];
  readonly #waiting: { readonly count: number; readonly done: () => void }[] = [];
  readonly #server: Server;
  #url = '';

  private constructor(private behaviour: Behaviour) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(behaviour: Behaviour): Promise<FakeRegion> {
    const region = new FakeRegion(behaviour);
    region.#server.listen(0, '127.0.0.1');
    await once(region.#server, 'listening');
    region.#url = `http://127.0.0.1:${(region.#server.address() as AddressInfo).port}`;
    return region;
  }

  get url(): string {
    return this.#url;
  }

  /** From the next request on; several behaviours: one each, the last of them for good. */
  does(first: Behaviour, ...then: readonly Behaviour[]): void {
    let script: readonly Behaviour[] = [first, ...then];
    this.behaviour = (response, request) => {
      const [now = hangs, ...later] = script;
      if (later.length > 0) script = later;
      return now(response, request);
    };
  }

  /** Resolves once it has received `count` requests since its start. */
  async hasReceived(count: number): Promise<void> {
    if (this.received.length >= count) return;
    await new Promise<void>((done) => this.#waiting.push({ count, done }));
  }

  /** Nobody listens on the port from then on. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A test may leave in the middle of anything.
    response.on('error', () => {});
    const closed = once(response, 'close').then(() => {});
    let body = '';
    try {
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
    } catch {
      return;
    }
    const { method = '', url = '', headers } = request;
    const received = { method, path: url, headers, body, closed };
    this.received.push(received);
    for (const { count, done } of this.#waiting) if (this.received.length >= count) done();
    await this.behaviour(response, received);
  }
}

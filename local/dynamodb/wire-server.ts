// Owns the HTTP server under a DynamoDB endpoint: bodies read, refusals turned into answers, no connection dropped for idleness.
// Leaves to its handler what a request means.
import { createServer, type IncomingMessage } from 'node:http';
import { closeServer } from '../close-server.ts';
import { AwsRefusal, type Reply, readBody, refused, sendReply } from './protocol.ts';

export interface WireServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** `gone` fires when the client has left before its answer. */
export type WireHandler = (request: IncomingMessage, raw: Buffer, gone: AbortSignal) => Promise<Reply>;

/** Listens on 127.0.0.1; port 0 takes a free one. A defect is told to `onDefect` and answered with 500. */
export const startWireServer = (
  port: number,
  handle: WireHandler,
  onDefect: (text: string) => void,
  nowMs: () => number = Date.now,
): Promise<WireServer> => {
  const server = createServer((request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    void readBody(request)
      .then((raw) => handle(request, raw, gone.signal))
      .catch((error: unknown) => {
        if (error instanceof AwsRefusal) return refused(error);
        // A client that left in the middle of its request is no defect.
        if (!gone.signal.aborted) onDefect(error instanceof Error ? (error.stack ?? error.message) : String(error));
        return refused(new AwsRefusal(500, 'InternalServerError', 'Internal server error'));
      })
      .then((reply) => sendReply(response, reply, nowMs()));
  });
  // A kept-alive connection closed at the wrong moment looks like a lost answer; only faults may look like that.
  server.keepAliveTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} is in use: end what listens there, or choose another port`)
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve({
        url: `http://127.0.0.1:${bound}`,
        port: bound,
        stop: () => closeServer(server),
      });
    });
  });
};

// Owns a payer's program that only follows DNS: it believes an answer for its TTL, sends once, and knows one name.
// Leaves to open-load.ts that it tries again.
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { json } from 'node:stream/consumers';
import { udpLookup } from '../../local/front-door/lookup.ts';
import { NameCache } from '../../local/front-door/name-cache.ts';
import type { Payer, Payment, Sending } from './payer.ts';

export interface DnsPayerOptions {
  readonly hostname: string;
  readonly dnsPort: number;
  /** The local port that stands for a target of the hosted zone; DNS carries none. */
  readonly portOf: (target: string) => number | undefined;
  readonly token: string;
  /** Whether a connection is used again. */
  readonly keepsConnections: boolean;
}

/** The API answers within 5 s, or says that it does not know. */
const PATIENCE_MS = 6_000;

/** Asks DNS for every connection that it opens, and for nothing else: as programs do that keep theirs. */
class NamedAgent extends Agent {
  constructor(
    keepAlive: boolean,
    private readonly portNow: () => Promise<number>,
  ) {
    super({ keepAlive });
  }

  override createConnection(_options: object, callback?: (error: Error | null, socket: Socket) => void): undefined {
    const opened = this.portNow().then((port) => connect({ host: '127.0.0.1', port }));
    opened.then(
      (socket) => callback?.(null, socket),
      // An agent looks at the error first.
      (error: Error) => callback?.(error, undefined as never),
    );
  }
}

export const dnsPayer = (options: DnsPayerOptions): Payer => {
  const { hostname, token, portOf } = options;
  const names = new NameCache(udpLookup(options.dnsPort), hostname, Date.now);
  const agent = new NamedAgent(options.keepsConnections, async () => {
    const target = await names.target();
    const port = portOf(target);
    if (port === undefined) throw new Error(`DNS answered ${target}, which no Region here serves`);
    return port;
  });

  const post = (payment: Payment): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const outgoing = request({
        hostname,
        agent,
        method: 'POST',
        path: `/v1/accounts/${payment.accountId}/payments`,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': payment.idempotencyKey,
        },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      outgoing.once('response', resolve).once('error', reject);
      outgoing.end(JSON.stringify({ amountMinor: payment.amountMinor, currency: 'USD', method: 'card' }));
    });

  const send = async (payment: Payment): Promise<Sending> => {
    const response = await post(payment);
    const body = (await json(response)) as Readonly<Record<string, string | undefined>>;
    if (response.statusCode !== 201)
      return { kind: 'refused', what: [response.statusCode, body['type']].filter(Boolean).join(' ') };
    return {
      kind: 'acknowledged',
      receipt: { paymentId: String(body['paymentId']), position: String(body['position']) },
    };
  };

  return {
    send: (payment) => send(payment).catch((error: unknown) => ({ kind: 'refused', what: codeOf(error) })),
    close: () => agent.destroy(),
  };
};

const codeOf = (error: unknown): string => {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === 'string' ? code : String(name);
};

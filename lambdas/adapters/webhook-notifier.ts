// Owns notices as signed webhooks: https only, no redirects, to a public address that is looked up, checked and then held to.
// Leaves to the receiver to check the signature and to drop an id that it has seen.
import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Notice } from '../domain/notice.ts';
import type { Clock } from '../ports/clock.ts';
import { type Delivery, NotDelivered, type Notifier } from '../ports/notifier.ts';
import { isPublicAddress } from './public-address.ts';

export interface WebhookOptions {
  readonly url: string;
  /** Shared with the receiver. */
  readonly secret: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** What a test hands in place of the network. */
  readonly network?: WebhookNetwork;
}

export interface WebhookNetwork {
  readonly resolve: (hostname: string) => Promise<readonly string[]>;
  readonly isAllowed: (address: string) => boolean;
  readonly request: typeof httpsRequest;
}

const INTERNET: WebhookNetwork = {
  resolve: async (hostname) => (await lookup(hostname, { all: true })).map(({ address }) => address),
  isAllowed: isPublicAddress,
  request: httpsRequest,
};

export class WebhookNotifier implements Notifier {
  readonly #url: URL;
  readonly #network: WebhookNetwork;

  /** @throws Error for an address that is not https, or that carries a user */
  constructor(private readonly options: WebhookOptions) {
    this.#url = new URL(options.url);
    this.#network = options.network ?? INTERNET;
    const { protocol, username, password } = this.#url;
    if (protocol !== 'https:' || username !== '' || password !== '') {
      throw new Error(`a webhook needs an https address without a user, got ${protocol}//${this.#url.host}`);
    }
  }

  async deliver(notice: Notice): Promise<Delivery> {
    const body = JSON.stringify(notice);
    const timestamp = String(Math.floor(this.options.clock.nowMs() / 1000));
    const status = await this.#post(await this.#address(), body, {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'baseload-notice-id': notice.id,
      'baseload-timestamp': timestamp,
      'baseload-signature': signatureOf(this.options.secret, timestamp, body),
    });
    if (status < 200 || status > 299) throw new NotDelivered(`the webhook answered ${status}`);
    return 'delivered';
  }

  /** One address of the host; all of them must be public, or a name could hide an inner one among others. */
  async #address(): Promise<string> {
    const hostname = this.#url.hostname.replace(/^\[|\]$/g, '');
    const addresses = isIP(hostname) === 0 ? await this.#resolve(hostname) : [hostname];
    const [first] = addresses;
    if (first === undefined) throw new NotDelivered(`${hostname} has no address`);
    if (!addresses.every(this.#network.isAllowed))
      throw new NotDelivered(`${hostname} leads to an address that is not public`);
    return first;
  }

  async #resolve(hostname: string): Promise<readonly string[]> {
    try {
      return await this.#network.resolve(hostname);
    } catch (cause) {
      throw new NotDelivered(`${hostname} cannot be resolved`, { cause });
    }
  }

  /** The status; a redirect is an answer like any other, and is not followed. */
  #post(address: string, body: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const { hostname, port, pathname, search } = this.#url;
    const options: RequestOptions = {
      method: 'POST',
      host: address,
      servername: isIP(hostname) === 0 ? hostname : '',
      port: port === '' ? 443 : Number(port),
      path: `${pathname}${search}`,
      headers: { ...headers, host: this.#url.host },
      signal: AbortSignal.timeout(this.options.timeoutMs),
      agent: false,
    };
    return new Promise((resolve, reject) => {
      const request = this.#network.request(options, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.once('error', (cause) =>
        reject(new NotDelivered(`the webhook was not reached: ${cause.message}`, { cause })),
      );
      request.end(body);
    });
  }
}

/** `v1=` + hex HMAC-SHA-256 over `<timestamp>.<body>`: the receiver refuses what is older than it likes. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

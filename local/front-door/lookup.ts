// Owns one DNS question as a payer's resolver asks it: over UDP, asked again when nothing comes, never answered from elsewhere.
// Leaves to name-cache.ts how long an answer is kept.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { type DecodedPacket, decode, encode, RECURSION_DESIRED } from 'dns-packet';

export interface Resolved {
  /** The last name of the CNAME chain: here it says which port, since every address is 127.0.0.1. */
  readonly target: string;
  /** The shortest along the chain. */
  readonly ttlSeconds: number;
}

export type Lookup = (hostname: string) => Promise<Resolved>;

const ATTEMPTS = 3;
const ATTEMPT_TIMEOUT_MS = 1_000;

/** @returns a lookup that asks the name server at 127.0.0.1:`port`. It throws when there is no address or no answer in time. */
export const udpLookup =
  (port: number): Lookup =>
  async (hostname) => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const reply = await ask(port, hostname);
      if (reply !== undefined) return resolvedFrom(reply, hostname);
    }
    throw new Error(`no DNS answer for ${hostname} from 127.0.0.1:${port} in ${ATTEMPTS * ATTEMPT_TIMEOUT_MS} ms`);
  };

/** Undefined when nothing came in time. */
const ask = (port: number, hostname: string): Promise<DecodedPacket | undefined> =>
  new Promise((resolve) => {
    const id = randomInt(1, 65_536);
    const socket = createSocket('udp4');
    const settle = (reply: DecodedPacket | undefined): void => {
      clearTimeout(deadline);
      socket.close();
      resolve(reply);
    };
    const deadline = setTimeout(settle, ATTEMPT_TIMEOUT_MS, undefined);
    // A closed port answers with ICMP at once: wait out the attempt, as the server may be about to listen.
    socket.on('error', () => {});
    socket.on('message', (message) => {
      const reply = decode(message);
      if (reply.id === id) settle(reply);
    });
    const query = encode({ type: 'query', id, flags: RECURSION_DESIRED, questions: [{ type: 'A', name: hostname }] });
    socket.send(query, port, '127.0.0.1');
  });

const resolvedFrom = (reply: DecodedPacket, hostname: string): Resolved => {
  const answers = reply.answers ?? [];
  const address = answers.find((answer) => answer.type === 'A');
  if (address === undefined) throw new Error(`DNS has no address for ${hostname}`);
  const ttls = answers.flatMap((answer) => ('ttl' in answer && answer.ttl !== undefined ? [answer.ttl] : []));
  return { target: address.name, ttlSeconds: Math.min(...ttls) };
};

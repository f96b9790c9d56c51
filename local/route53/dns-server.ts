// Owns the UDP socket of the local Route 53.
// Leaves to reply.ts what is answered.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode, type Packet } from 'dns-packet';

export interface DnsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** @throws the socket's own error (`EADDRINUSE`, …) when the port cannot be had. Port 0 takes a free one. */
export const startDnsServer = async (port: number, answer: (query: Packet) => Packet): Promise<DnsServer> => {
  const socket = createSocket('udp4');
  socket.on('message', (message, sender) => {
    const reply = replyBytes(message, answer);
    if (reply !== undefined) socket.send(reply, sender.port, sender.address);
  });
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, close: () => closed(socket) };
};

const closed = async (socket: Socket): Promise<void> => {
  const gone = once(socket, 'close');
  socket.close();
  await gone;
};

/** Undefined for bytes that are not a query: a name server stays silent rather than answer its own echo. */
const replyBytes = (message: Buffer, answer: (query: Packet) => Packet): Buffer | undefined => {
  try {
    const query = decode(message);
    return query.flag_qr ? undefined : encode(answer(query));
  } catch {
    return undefined;
  }
};

// Owns one look of a checker at an endpoint: connect, ask, judge the status.
// Plain HTTP: the template says HTTPS, but nothing here has a certificate and Route 53 does not validate one anyway.
import { Agent, request } from 'node:http';

/** Route 53's limits for HTTP checks: four seconds to connect, then two for the status. */
export const CONNECT_TIMEOUT_MS = 4_000;
export const ANSWER_TIMEOUT_MS = 2_000;

export interface ProbeTarget {
  readonly port: number;
  readonly hostname: string;
  readonly path: string;
}

/** True when a 2xx or 3xx status came in time. Never throws: to a checker every failure is the same. */
export type Probe = (target: ProbeTarget) => Promise<boolean>;

/** A checker opens a connection for every look: a kept one would not notice that nobody listens any more. */
const freshConnections = new Agent({ keepAlive: false });

export const httpProbe: Probe = ({ port, hostname, path }) =>
  new Promise((resolve) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      path,
      agent: freshConnections,
      headers: { host: hostname, 'user-agent': 'Amazon-Route53-Health-Check-Service (local)' },
    });
    let deadline = setTimeout(() => outgoing.destroy(), CONNECT_TIMEOUT_MS);
    const settle = (succeeded: boolean): void => {
      clearTimeout(deadline);
      resolve(succeeded);
    };
    outgoing.once('socket', (socket) => {
      socket.once('connect', () => {
        clearTimeout(deadline);
        deadline = setTimeout(() => outgoing.destroy(), ANSWER_TIMEOUT_MS);
      });
    });
    outgoing.once('response', (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      settle(status >= 200 && status < 400);
    });
    outgoing.once('error', () => settle(false));
    outgoing.once('close', () => settle(false));
    outgoing.end();
  });

// Owns an edge for tests: the real server and its issuer on free ports, a real key pair, and a function given as plain code.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { HttpApiPlan, RoutePlan } from '../../../local/assembly/plan.ts';
import { createHttpApi, type HttpApiOptions } from '../../../local/http-api/server.ts';
import type { Issuer } from '../../../local/issuer/issuer.ts';
import { type LocalIssuer, startIssuer } from '../../../local/issuer/start-issuer.ts';
import type { InvocationResult } from '../../../local/lambda/invocation.ts';

export const AUTHORIZER = { issuer: 'https://issuer.test/', audience: ['baseload'] };

export const route = (routeKey: string, more: Partial<RoutePlan> = {}): RoutePlan => ({
  routeKey,
  functionName: 'fn',
  scopes: [],
  throttle: { ratePerSecond: 1000, burst: 1000 },
  timeoutMs: 2000,
  ...more,
});

export const returning = (value: unknown): InvocationResult => ({
  kind: 'returned',
  requestId: 'r',
  payload: JSON.stringify(value),
});

// biome-ignore lint/suspicious/noExplicitAny: events are read freely here.
export type Event = any;

export interface Edge {
  readonly url: string;
  readonly access: string[];
  readonly issuer: Pick<LocalIssuer, 'leave' | 'comeBack'>;
  /** What the function got last. */
  event(): Event;
  token(
    claims?: object,
    options?: { readonly alg?: string; readonly kid?: string; readonly foreign?: boolean },
  ): Promise<string>;
  /** Puts the edge's clock forward for good. */
  advance(ms: number): void;
  close(): Promise<void>;
}

const keyPairs = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>>();
async function keyPair(name: string, alg: string) {
  const known = keyPairs.get(name) ?? (await generateKeyPair(alg, { extractable: true }));
  keyPairs.set(name, known);
  return known;
}

export async function startEdge(
  plan: Pick<HttpApiPlan, 'routes'> & Partial<HttpApiPlan>,
  fn: (event: Event) => InvocationResult | Promise<InvocationResult> = () => returning({ statusCode: 200, body: 'ok' }),
): Promise<Edge> {
  const own = await keyPair('own', 'RS256');
  const elliptic = await keyPair('elliptic', 'ES256');
  const keys = [
    { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256' },
    { ...(await exportJWK(elliptic.publicKey)), kid: 'elliptic', alg: 'ES256' },
  ];
  const token: Issuer['token'] = () => Promise.reject(new Error('tokens of tests are signed by them'));
  const issuer = await startIssuer(0, { name: AUTHORIZER.issuer, jwks: { keys }, token });
  let last: Event;
  const access: string[] = [];
  let aheadMs = 0;
  const options: HttpApiOptions = {
    plan: { apiId: 'api123', domains: [], ...plan },
    account: '111111111111',
    issuerUrl: issuer.url,
    nowMs: () => Date.now() + aheadMs,
    onAccess: (line) => access.push(line),
    invoke: async (_name, event) => {
      last = JSON.parse(event);
      return fn(last);
    },
  };
  const server = await createOrEnd(options, issuer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    access,
    issuer,
    event: () => last,
    token: async (claims = {}, { alg = 'RS256', kid = alg === 'ES256' ? 'elliptic' : 'own', foreign = false } = {}) => {
      const key = foreign ? await keyPair('foreign', 'RS256') : alg === 'ES256' ? elliptic : own;
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ iss: AUTHORIZER.issuer, aud: 'baseload', iat: now, exp: now + 60, ...claims })
        .setProtectedHeader({ alg, ...(kid === '' ? {} : { kid }) })
        .sign(key.privateKey);
    },
    advance: (ms) => {
      aheadMs += ms;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, issuer.leave()]);
    },
  };
}

/** A plan that is refused at the start leaves no issuer behind. */
const createOrEnd = async (options: HttpApiOptions, issuer: LocalIssuer): Promise<Server> => {
  try {
    return createHttpApi(options);
  } catch (error) {
    await issuer.leave();
    throw error;
  }
};

// Owns the local identity provider as a service: discovery document and key set at one port, as OpenID Connect Discovery has them.
// Leaves to issuer.ts keys and tokens, to the supervisor its place in a run. It stands outside of every Region, as an issuer does.
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { type InterruptibleServer, startInterruptible } from '../interruptible-server.ts';
import type { Issuer, TokenRequest } from './issuer.ts';

export interface LocalIssuer extends Pick<InterruptibleServer, 'url' | 'leave' | 'comeBack'> {
  /** A signed JWT. @throws Error while it is away: those who need a new token wait, too */
  token(request: TokenRequest): Promise<string>;
}

const KEY_SET = '/.well-known/jwks.json';

/** `port` 0 takes a free one. @throws Error when the port cannot be had */
export const startIssuer = async (port: number, issuer: Issuer): Promise<LocalIssuer> => {
  const app = new Hono();
  app.get('/.well-known/openid-configuration', (c) =>
    c.json({
      issuer: issuer.name,
      // The name stands for this port here; on AWS both are under it.
      jwks_uri: new URL(KEY_SET, c.req.url).href,
      id_token_signing_alg_values_supported: [...new Set(issuer.jwks.keys.map(({ alg }) => alg))],
    }),
  );
  app.get(KEY_SET, (c) => c.json(issuer.jwks));
  const server = await startInterruptible('the local issuer', port, getRequestListener(app.fetch));
  return {
    url: server.url,
    leave: server.leave,
    comeBack: server.comeBack,
    token: async (request) => {
      if (!server.isListening()) throw new Error('the issuer is stopped: POST /api/issuer/start starts it');
      return issuer.token(request);
    },
  };
};

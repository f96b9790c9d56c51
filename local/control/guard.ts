// Owns who may talk to the control API: programs on this machine, not a web page that found its port.
import type { MiddlewareHandler } from 'hono';

/** 403 unless Host is this server and Origin, where a browser sends one, is too: against DNS rebinding and stray pages. */
export const onlyThisMachine =
  (port: () => number): MiddlewareHandler =>
  async (context, next) => {
    const hosts = [`127.0.0.1:${port()}`, `localhost:${port()}`];
    const host = context.req.header('host') ?? '';
    const origin = context.req.header('origin');
    if (!hosts.includes(host)) {
      return context.json({ message: `Host ${host} is not this server: use 127.0.0.1:${port()}` }, 403);
    }
    if (origin !== undefined && !hosts.some((own) => origin === `http://${own}`)) {
      return context.json({ message: `Origin ${origin} may not use the control API` }, 403);
    }
    return next();
  };

// Owns the routes of the control API.
// Leaves to the supervisor what they do and to state.ts what they show.
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { HealthCheckPlan, RecordPlan } from '../assembly/plan.ts';
import type { Issuer, TokenRequest } from '../issuer/issuer.ts';
import type { ScopedFault } from '../processes.ts';
import { parseFault } from './fault.ts';
import { onlyThisMachine } from './guard.ts';
import type { ControlState } from './state.ts';

/** What a Region can be told. */
export interface RegionControls {
  kill(): Promise<void>;
  start(): Promise<void>;
  isolate(): Promise<void>;
  rejoin(): Promise<void>;
}

/** What auditors need beside the state: what the templates promise of routing, and how to look past every handler. */
export interface Wiring {
  /** Where each Region's DynamoDB listens; the access key `operator` may do everything there. */
  readonly dynamodb: Readonly<Record<string, string>>;
  /** Where each Region's SQS listens, with the same key. */
  readonly sqs: Readonly<Record<string, string>>;
  /** The local payment processor: its books and faults are below `/admin`. */
  readonly processor: string;
  /** The directory of the cloud assembly that runs. */
  readonly assembly: string;
  readonly healthChecks: readonly HealthCheckPlan[];
  readonly records: readonly RecordPlan[];
}

export interface ControlOptions {
  readonly port: () => number;
  readonly regions: ReadonlyMap<string, RegionControls>;
  readonly issuer: Issuer;
  readonly state: () => Promise<ControlState>;
  readonly injectFault: (fault: ScopedFault) => Promise<void>;
  readonly wiring: Wiring;
}

const ACTIONS = ['kill', 'start', 'isolate', 'rejoin'] as const;
const MAX_BODY_BYTES = 16 * 1024;

export const controlApp = (options: ControlOptions): Hono => {
  const app = new Hono();
  app.use(onlyThisMachine(options.port));
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => c.json({ message: `body over ${MAX_BODY_BYTES} bytes` }, 413),
    }),
  );
  app.notFound((c) => c.json({ message: `no route ${c.req.method} ${c.req.path}` }, 404));
  app.onError((cause, c) => c.json({ message: cause.message }, 500));

  app.get('/api/wiring', (c) => c.json(options.wiring));
  app.get('/api/state', async (c) => c.json(await options.state()));
  for (const action of ACTIONS) {
    app.post(`/api/regions/:region/${action}`, async (c) => {
      const name = c.req.param('region');
      const region = options.regions.get(name);
      if (region === undefined) {
        return c.json({ message: `unknown Region ${name}: there are ${[...options.regions.keys()].join(', ')}` }, 404);
      }
      await region[action]();
      return c.json({ region: name, action });
    });
  }
  app.post('/api/ledger/faults', async (c) => {
    const body: unknown = await c.req.json().catch(() => undefined);
    const fault = parseFault(body, [...options.regions.keys()]);
    if ('problem' in fault) return c.json({ message: fault.problem }, 400);
    await options.injectFault(fault);
    return c.json(fault);
  });
  app.get('/dev/token', async (c) => {
    const request = tokenRequest(c);
    if ('problem' in request) return c.json({ message: request.problem }, 400);
    return c.json({ token: await options.issuer.token(request) });
  });
  app.get('/.well-known/jwks.json', (c) => c.json(options.issuer.jwks));
  return app;
};

const MAX_TTL_SECONDS = 366 * 86_400;

const tokenRequest = (c: Context): TokenRequest | { readonly problem: string } => {
  const { accounts = '', scope = '', ttlSeconds, audience } = c.req.query();
  const ttl = ttlSeconds === undefined ? undefined : Number(ttlSeconds.trim() || Number.NaN);
  if (ttl !== undefined && !(Number.isInteger(ttl) && Math.abs(ttl) <= MAX_TTL_SECONDS)) {
    return { problem: `ttlSeconds is a whole number up to ${MAX_TTL_SECONDS}, got ${ttlSeconds}` };
  }
  return {
    accounts: accounts.split(',').filter((account) => account !== ''),
    scope: scope.split(/\s+/).filter(Boolean).join(' '),
    ...(ttl === undefined ? {} : { ttlSeconds: ttl }),
    ...(audience === undefined ? {} : { audience }),
  };
};

// Owns the routes of the control API.
// Leaves to the supervisor what they do and to state.ts what they show.
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import type { HealthCheckPlan, RecordPlan } from '../assembly/plan.ts';
import type { DeploymentSeen } from '../codedeploy/deployments.ts';
import type { DeliveryFault, DeliverySource } from '../delivery-faults.ts';
import type { TokenRequest } from '../issuer/issuer.ts';
import type { LocalIssuer } from '../issuer/start-issuer.ts';
import type { MovableClock } from '../movable-clock.ts';
import type { ScopedFault } from '../processes.ts';
import type { LocalProcessor } from '../processor/start-processor.ts';
import type { DnsAnswer } from '../route53/route53.ts';
import type { SentMail } from '../ses/outbox.ts';
import type { PublishedPage } from '../sns/pages.ts';
import { addArchiveRoutes } from './archive.ts';
import { addDeliveryRoutes } from './delivery.ts';
import { addDeploymentRoutes } from './deployments.ts';
import { ledgerFault } from './fault.ts';
import { onlyThisMachine } from './guard.ts';
import { inRegion, noSuch, withBody } from './requests.ts';
import type { ControlState } from './state.ts';

/** What a Region can be told. */
export interface RegionControls {
  kill(): Promise<void>;
  start(): Promise<void>;
  isolate(): Promise<void>;
  rejoin(): Promise<void>;
  /** The clock that its functions see, ahead of everybody else's, until it is started anew. */
  skewClock(aheadMs: number): Promise<void>;
  injectFault(source: DeliverySource, fault: DeliveryFault): Promise<void>;
  rereadStream(): Promise<void>;
  /** Damages an archived object. */
  flipArchivedBit(key: string): Promise<void>;
  /** Whether its certificates are renewed before they expire. */
  renewal(does: 'stop' | 'start'): Promise<void>;
  /** Begins to deploy the bundle of a function that stands in a directory. */
  deploy(group: string, bundle: string): Promise<void>;
  deployments(): Promise<readonly DeploymentSeen[]>;
  /** The names of its schedules. */
  readonly schedules: readonly string[];
  /** Runs one of them now, with `input` in place of its own. */
  runSchedule(name: string, input?: object): Promise<void>;
}

/** What auditors need beside the state: what the templates promise of routing, and how to look past every handler. */
export interface Wiring {
  readonly jurisdiction: string;
  /** Where the run keeps its data and logs. */
  readonly dataDir: string;
  /** Where each Region's DynamoDB listens; the access key `operator` may do everything there. */
  readonly dynamodb: Readonly<Record<string, string>>;
  /** Where each Region's SQS listens, with the same key. */
  readonly sqs: Readonly<Record<string, string>>;
  /** Where each Region's S3 listens, with the same key. */
  readonly s3: Readonly<Record<string, string>>;
  /** The bucket of each Region that facts are archived in. */
  readonly archives: Readonly<Record<string, string>>;
  readonly ledgerTable: string;
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
  readonly issuer: Pick<LocalIssuer, 'token' | 'leave' | 'comeBack'>;
  readonly state: () => Promise<ControlState>;
  /** What somebody who stands in the Region `from` is answered, as Route 53's `TestDNSAnswer` tells. */
  readonly dnsAnswer: (from: string) => DnsAnswer | undefined;
  readonly injectFault: (fault: ScopedFault) => Promise<void>;
  readonly processor: Pick<LocalProcessor, 'leave' | 'comeBack'>;
  /** Every mail that a Region has taken, killed Regions' too. */
  readonly outbox: () => readonly (SentMail & { readonly region: string })[];
  /** Every message that a Region's topics have taken, killed Regions' too. */
  readonly pages: () => readonly (PublishedPage & { readonly region: string })[];
  /** Slugs of the queues that can be told to misbehave. */
  readonly queues: readonly string[];
  readonly clock: Pick<MovableClock, 'offsetMs'>;
  /** Resolves when every process sees the new time. */
  readonly moveClock: (offsetMs: number) => Promise<void>;
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
  app.get('/api/outbox', (c) => c.json({ mails: options.outbox() }));
  app.get('/api/pages', (c) => c.json({ pages: options.pages() }));
  app.get('/api/state', async (c) => c.json(await options.state()));
  app.get('/api/dns', (c) => {
    const { from = '' } = c.req.query();
    if (!options.regions.has(from)) return noSuch(c, 'Region', from, options.regions.keys());
    return c.json({ from, answer: options.dnsAnswer(from)?.region ?? null });
  });
  for (const action of ACTIONS) {
    app.post(
      `/api/regions/:region/${action}`,
      inRegion(options.regions, async (c, region, name) => {
        await region[action]();
        return c.json({ region: name, action });
      }),
    );
  }
  // Beside its time, not instead of it: in the Region that `?region=` names, without it in one after the other.
  app.post('/api/schedules/:name/run', async (c) => {
    const { region: asked } = c.req.query();
    const name = c.req.param('name');
    const chosen = [...options.regions].filter(([region]) => asked === undefined || asked === region);
    if (chosen.length === 0) return noSuch(c, 'Region', asked ?? '', options.regions.keys());
    const known = new Set(chosen.flatMap(([, { schedules }]) => schedules));
    if (!known.has(name)) return noSuch(c, 'schedule', name, known);
    const input: unknown = await c.req.json().catch(() => undefined);
    for (const [, region] of chosen) await region.runSchedule(name, isObject(input) ? input : undefined);
    return c.json({ schedule: name, regions: chosen.map(([region]) => region) });
  });
  app.post('/api/ledger/faults', (c) =>
    withBody(c, ledgerFault([...options.regions.keys()]), async (fault) => {
      await options.injectFault(fault);
      return c.json(fault);
    }),
  );
  // Its own admin routes are at the port that is closed meanwhile.
  app.post('/api/processor/stop', async (c) => {
    await options.processor.leave();
    return c.json({ processor: 'stopped' });
  });
  app.post('/api/processor/start', async (c) => {
    await options.processor.comeBack();
    return c.json({ processor: 'started' });
  });
  app.post('/api/issuer/stop', async (c) => {
    await options.issuer.leave();
    return c.json({ issuer: 'stopped' });
  });
  app.post('/api/issuer/start', async (c) => {
    await options.issuer.comeBack();
    return c.json({ issuer: 'started' });
  });
  addDeliveryRoutes(app, options);
  addArchiveRoutes(app, options);
  addDeploymentRoutes(app, options);
  for (const does of ['stop', 'start'] as const) {
    app.post(
      `/api/regions/:region/certificates/renewal/${does}`,
      inRegion(options.regions, async (c, region, name) => {
        await region.renewal(does);
        return c.json({ region: name, renewal: does });
      }),
    );
  }
  app.post(
    '/api/regions/:region/skew',
    inRegion(options.regions, (c, region, name) =>
      withBody(c, skew, async ({ aheadMs }) => {
        await region.skewClock(aheadMs);
        return c.json({ region: name, aheadMs });
      }),
    ),
  );
  app.post('/api/clock', async (c) => {
    const order = parseClock(await c.req.json().catch(() => undefined), options.clock.offsetMs);
    if ('problem' in order) return c.json({ message: order.problem }, 400);
    await options.moveClock(order.offsetMs);
    return c.json(order);
  });
  app.get('/dev/token', async (c) => {
    const request = tokenRequest(c);
    if ('problem' in request) return c.json({ message: request.problem }, 400);
    return c.json({ token: await options.issuer.token(request) });
  });
  return app;
};

/** An hour: a host's clock that is further off is not set at all. */
const skew = z.strictObject({ aheadMs: z.int().min(1).max(3_600_000) });

/** Ten years: what is asked for is a day or a month. */
const MAX_OFFSET_MS = 3_660 * 86_400_000;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const parseClock = (body: unknown, offsetMs: number): { readonly offsetMs: number } | { readonly problem: string } => {
  const asked = typeof body === 'object' && body !== null && 'offsetMs' in body ? body.offsetMs : undefined;
  if (Number.isInteger(asked) && Number(asked) >= offsetMs && Number(asked) <= MAX_OFFSET_MS)
    return { offsetMs: Number(asked) };
  return {
    problem: `offsetMs is a whole number from ${offsetMs}, where the clock is, to ${MAX_OFFSET_MS}, got ${String(asked)}`,
  };
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

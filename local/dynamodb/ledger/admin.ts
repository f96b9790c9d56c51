// Owns the admin port of the ledger: its state, the links between Regions, faults on demand.
// Leaves to the supervisor who asks and when.
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import * as z from 'zod';
import { closeServer } from '../../close-server.ts';
import { bodyReader } from '../../json-body.ts';
import type { MovableClock } from '../../movable-clock.ts';
import type { LedgerAdminState, ScopedFault } from '../../processes.ts';
import type { FactCount } from './fact-count.ts';
import { FAULT_KINDS, type Faults } from './faults.ts';
import type { Replica } from './replica.ts';

/** `GET /state`: what the supervisor needs, and how far each replica has come. */
export interface LedgerReport extends LedgerAdminState {
  readonly regions: Readonly<Record<string, LedgerAdminState['regions'][string] & ReplicaProgress>>;
}

interface ReplicaProgress {
  /** Every commit up to this one is applied. */
  readonly appliedSeq: number;
  /** Age of the oldest commit not applied, 0 when there is none. */
  readonly lagMs: number;
}

export interface LedgerControls {
  readonly replicas: ReadonlyMap<string, Replica>;
  readonly isIsolated: (region: string) => boolean;
  readonly isDown: (region: string) => boolean;
  /** False for a Region the ledger does not know. */
  readonly isKnown: (region: string) => boolean;
  readonly change: (region: string, change: RegionChange) => void;
  readonly faults: Faults;
  readonly facts: FactCount;
  readonly clock: MovableClock;
}

export const REGION_CHANGES = ['isolate', 'rejoin', 'down', 'up'] as const;
export type RegionChange = (typeof REGION_CHANGES)[number];

const withBody = bodyReader('error');

const clockSchema = (fromMs: number) => z.strictObject({ offsetMs: z.int().min(fromMs) });

const faultSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  region: z.string(),
  /** 0 takes back what is left of this kind. */
  count: z.int().min(0).max(1_000_000),
  sortKeyPrefix: z.string().optional(),
  sortKeySuffix: z.string().optional(),
  /** Of `slow`. */
  delayMs: z.int().min(1).optional(),
});

export const ledgerState = (controls: LedgerControls, nowMs: number): LedgerReport => ({
  regions: Object.fromEntries(
    [...controls.replicas].map(([region, replica]) => [
      region,
      {
        network: controls.isIsolated(region) ? 'isolated' : 'connected',
        down: controls.isDown(region),
        caughtUp: replica.caughtUp,
        appliedSeq: replica.appliedSeq,
        lagMs: replica.lagMs(nowMs),
      },
    ]),
  ),
  facts: controls.facts.report(),
});

const adminApp = (controls: LedgerControls): Hono => {
  const app = new Hono();
  const isKnownChange = (change: string): change is RegionChange =>
    (REGION_CHANGES as readonly string[]).includes(change);
  app.get('/state', (c) => c.json(ledgerState(controls, controls.clock.nowMs())));
  app.post('/regions/:region/:change', (c) => {
    const { region, change } = c.req.param();
    if (!controls.isKnown(region)) return c.json({ error: `unknown Region ${region}` }, 404);
    if (!isKnownChange(change))
      return c.json({ error: `unknown change ${change}: one of ${REGION_CHANGES.join(', ')}` }, 404);
    controls.change(region, change);
    return c.json(ledgerState(controls, controls.clock.nowMs()));
  });
  app.post('/faults', (c) =>
    withBody(c, faultSchema, (fault) => {
      if (!controls.replicas.has(fault.region)) return c.json({ error: `unknown Region ${fault.region}` }, 404);
      controls.faults.add(fault as ScopedFault);
      return c.json({ added: fault });
    }),
  );
  app.post('/clock', (c) =>
    withBody(c, clockSchema(controls.clock.offsetMs), ({ offsetMs }) => {
      controls.clock.moveTo(offsetMs);
      return c.json({ nowMs: controls.clock.nowMs() });
    }),
  );
  return app;
};

export interface AdminServer {
  readonly url: string;
  stop(): Promise<void>;
}

export const startAdmin = (port: number, controls: LedgerControls): Promise<AdminServer> =>
  new Promise((resolve, reject) => {
    const server = serve({ fetch: adminApp(controls).fetch, port, hostname: '127.0.0.1' }, (address) =>
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        stop: () => closeServer(server as Server),
      }),
    );
    server.once('error', (error: Error) => reject(new Error(`the ledger's admin port ${port}: ${error.message}`)));
  });

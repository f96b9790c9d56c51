// Owns how the ledger is put together: one engine, one log, and per Region a replica, a gateway and its paths.
// Leaves to ledger-process.ts the process around it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { roundTripMs } from '../../latency.ts';
import { MovableClock } from '../../movable-clock.ts';
import type { LedgerProcessConfig } from '../../processes.ts';
import { startEngine } from '../engine.ts';
import { seededRandom } from '../seeded-random.ts';
import { createMissingTables } from '../tables.ts';
import { startWireServer, type WireHandler } from '../wire-server.ts';
import { type RegionChange, startAdmin } from './admin.ts';
import { Claims } from './claims.ts';
import { CommitLog } from './commit-log.ts';
import { CommittedStore } from './committed-store.ts';
import { FactCount } from './fact-count.ts';
import { Faults } from './faults.ts';
import { ledgerGateway } from './gateway.ts';
import { type LedgerTable, ledgerTable, RegionTables } from './ledger-table.ts';
import { Network } from './network.ts';
import { Quorum } from './quorum.ts';
import { ReadPath } from './read-path.ts';
import { reconcile } from './reconcile.ts';
import { Replica } from './replica.ts';
import { StreamsApi } from './streams-api.ts';
import { WritePath, type WritePathParts } from './write-path.ts';

const TRIM_INTERVAL_MS = 10 * 60 * 1000;
/** A replica's lag is one way plus up to this. */
const JITTER_MS = 25;
/** Inside one Region too an eventual read can miss what was just written. */
const OWN_LAG_MS = 2;
const CATCH_UP_PER_SECOND = 2000;

export interface Ledger {
  readonly enginePid: number;
  readonly adminUrl: string;
  readonly gatewayUrls: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface LedgerOptions {
  /** A defect, or an engine that ended: one line. */
  readonly onDefect?: (line: string) => void;
  readonly onEngineExit?: (line: string) => void;
  /** Changes a returning Region applies in a second. */
  readonly catchUpPerSecond?: number;
}

const makeReplica = (
  config: LedgerProcessConfig,
  options: LedgerOptions,
  region: string,
  tables: readonly LedgerTable[],
  log: CommitLog,
): Replica => {
  const random = seededRandom(config.seed, `replica ${region}`);
  const others = [...new Set(tables.flatMap((table) => table.participants))].filter((other) => other !== region);
  const oneWayMs = (origin: string): number =>
    others.includes(origin) ? roundTripMs(origin, region, config.roundTripMs) / 2 : OWN_LAG_MS;
  return new Replica(
    {
      region,
      appliedFile: join(config.dataDir, `applied-${region}.log`),
      tables: new RegionTables(region, tables).all().map((table) => table.plan.name),
      lagMs: (origin) => oneWayMs(origin) + random() * JITTER_MS,
      catchUpPerSecond: options.catchUpPerSecond ?? CATCH_UP_PER_SECOND,
      minimumCatchUpMs: Math.min(...others.map((other) => roundTripMs(region, other, config.roundTripMs))),
    },
    log,
  );
};

/** Isolation and death cut a replica off; only when neither holds any more does it catch up. */
const linkChanger =
  (network: Network, replicas: ReadonlyMap<string, Replica>) =>
  (region: string, change: RegionChange): void => {
    if (change === 'isolate' || change === 'rejoin') network.setIsolated(region, change === 'isolate');
    else network.setDown(region, change === 'down');
    if (!network.isConnected(region)) {
      replicas.get(region)?.freeze();
      return;
    }
    replicas.get(region)?.resume();
    for (const replica of replicas.values()) replica.release((entry) => entry.origin === region);
  };

/** @throws EngineUnavailable, or Error for a busy port or an engine that does not start: one line each, and nothing left running */
export const startLedger = async (config: LedgerProcessConfig, options: LedgerOptions = {}): Promise<Ledger> => {
  const opened: (() => void | Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    return { ...(await openLedger(config, options, opened)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const openLedger = async (
  config: LedgerProcessConfig,
  options: LedgerOptions,
  opened: (() => void | Promise<void>)[],
): Promise<Omit<Ledger, 'stop'>> => {
  mkdirSync(config.dataDir, { recursive: true });
  const tables = config.tables.filter((table) => table.consistency === 'STRONG').map(ledgerTable);
  const regions = Object.keys(config.ports.gateways);
  const engine = await startEngine({
    dbFile: join(config.dataDir, 'ledger.db'),
    port: config.ports.engine,
    ...(options.onEngineExit === undefined ? {} : { onUnexpectedExit: options.onEngineExit }),
  });
  opened.push(() => engine.stop());
  await createMissingTables(
    engine.connection,
    tables.map(({ plan }) => plan),
  );

  const clock = new MovableClock(Date.now, config.clockOffsetMs);
  const log = CommitLog.open(config.dataDir, clock.nowMs());
  opened.push(() => log.close());
  const facts = new FactCount();
  const countFact = (image: string, table: LedgerTable) => facts.change(null, image, table.schema.sortKey);
  await reconcile(engine.connection, log, tables, countFact, clock.nowMs());
  const sortKeys = new Map(tables.map((table) => [table.plan.name, table.schema.sortKey]));
  log.onCommit((entry) => facts.change(entry.oldImage, entry.newImage, sortKeys.get(entry.table)));

  const network = new Network(
    [...new Set([...regions, ...tables.flatMap((table) => table.participants)])],
    config.roundTripMs,
  );
  const replicas = new Map(regions.map((region) => [region, makeReplica(config, options, region, tables, log)]));
  for (const replica of replicas.values()) opened.push(() => replica.close());
  const faults = new Faults();
  const shared = { store: new CommittedStore(engine.connection, log, clock.nowMs), claims: new Claims(), faults };

  const gatewayUrls: Record<string, string> = {};
  for (const [region, replica] of replicas) {
    const handler = regionGateway({
      ...shared,
      nowMs: clock.nowMs,
      replica,
      tables: new RegionTables(region, tables),
      quorum: new Quorum(network, replica),
    });
    const onDefect = (text: string) => options.onDefect?.(text);
    const server = await startWireServer(config.ports.gateways[region] ?? 0, handler, onDefect, clock.nowMs);
    opened.push(() => server.stop());
    gatewayUrls[region] = server.url;
  }
  const admin = await startAdmin(config.ports.admin, {
    replicas,
    isIsolated: (region) => network.isIsolated(region),
    isDown: (region) => network.isDown(region),
    isKnown: (region) => network.isKnown(region),
    change: linkChanger(network, replicas),
    faults,
    facts,
    clock,
  });
  opened.push(() => admin.stop());
  const trimming = setInterval(() => {
    const nowMs = clock.nowMs();
    for (const replica of replicas.values()) replica.trim(nowMs);
    log.trim(nowMs, (entry) => [...replicas.values()].every((replica) => !replica.unapplied.has(entry.item)));
  }, TRIM_INTERVAL_MS);
  opened.push(() => clearInterval(trimming));
  return { enginePid: engine.pid, adminUrl: admin.url, gatewayUrls };
};

const regionGateway = (parts: WritePathParts & { readonly nowMs: () => number }): WireHandler =>
  ledgerGateway({
    ...parts,
    reads: new ReadPath(parts),
    writes: new WritePath(parts),
    streams: new StreamsApi(parts.tables, parts.replica, parts.nowMs),
  });

// Owns how a Region's DynamoDB is put together: its engine, its tables, their replication, and the endpoint before all of it.
// Leaves to region-process.ts the process around it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RegionProcessConfig } from '../../processes.ts';
import { startEngine } from '../engine.ts';
import { DynamoConnection } from '../engine-client.ts';
import { createMissingTables } from '../tables.ts';
import { startWireServer } from '../wire-server.ts';
import { Catalog } from './catalog.ts';
import { regionalEndpoint } from './endpoint.ts';
import { type PermissionOptions, permissionOf } from './permission.ts';
import { RegionalTables } from './regional-tables.ts';
import { openReplication } from './replication.ts';

/** Writes wait for a round trip between Regions, so many are under way at the ledger's gateway. */
const LEDGER_SOCKETS = 512;

export interface RegionalDynamoOptions extends Pick<PermissionOptions, 'authorize' | 'onDenied'> {
  readonly config: RegionProcessConfig;
  /** A defect: one stack. */
  readonly onDefect?: (text: string) => void;
  readonly onEngineExit?: (line: string) => void;
  /** Of the `Date` in its answers; absent: the machine's time. */
  readonly nowMs?: () => number;
}

export interface RegionalDynamo {
  /** What `AWS_ENDPOINT_URL_DYNAMODB` and `AWS_ENDPOINT_URL_DYNAMODB_STREAMS` point at. */
  readonly url: string;
  readonly enginePid: number;
  /** Cut from the peers: MREC tables replicate neither out nor in. The ledger's process knows of its own cut. */
  isolate(): void;
  rejoin(): void;
  stop(): Promise<void>;
}

type Opened = (() => void | Promise<void>)[];

/** @throws EngineUnavailable, or Error for a busy port or a policy that cannot be evaluated: one line each, and nothing left running */
export const startRegionalDynamo = async (options: RegionalDynamoOptions): Promise<RegionalDynamo> => {
  const opened: Opened = [];
  const stop = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    return { ...(await open(options, opened)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const open = async (options: RegionalDynamoOptions, opened: Opened): Promise<Omit<RegionalDynamo, 'stop'>> => {
  const { config, authorize, onDenied } = options;
  const catalog = new Catalog(config);
  const permission = permissionOf({
    plan: config.plan,
    catalog,
    authorize,
    ...(onDenied === undefined ? {} : { onDenied }),
  });
  mkdirSync(config.dataDir, { recursive: true });
  const engine = await startEngine({
    dbFile: join(config.dataDir, 'regional.db'),
    port: config.ports.engine,
    ...(options.onEngineExit === undefined ? {} : { onUnexpectedExit: options.onEngineExit }),
  });
  opened.push(() => engine.stop());
  const here = [...catalog.all('own'), ...catalog.all('replicated')];
  await createMissingTables(
    engine.connection,
    here.map(({ plan }) => plan),
  );

  const replication = await openReplication(config, engine.connection, catalog);
  opened.push(() => replication.stop());
  const ledger = new DynamoConnection(config.ledgerGatewayUrl, LEDGER_SOCKETS);
  opened.push(() => ledger.close());
  let isIsolated = config.isolated;
  replication.setConnected(!isIsolated);
  const tables = new RegionalTables({
    region: config.plan.region,
    engine: engine.connection,
    catalog,
    writes: replication.writes,
  });
  const server = await startWireServer(
    config.ports.dynamodb,
    regionalEndpoint({ catalog, permission, ledger, tables, inbox: replication.inbox, isIsolated: () => isIsolated }),
    (text) => options.onDefect?.(text),
    options.nowMs,
  );
  opened.push(() => server.stop());
  const setIsolated = (isolated: boolean): void => {
    isIsolated = isolated;
    replication.setConnected(!isolated);
  };
  return { url: server.url, enginePid: engine.pid, isolate: () => setIsolated(true), rejoin: () => setIsolated(false) };
};

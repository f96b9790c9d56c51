// Owns two Regions as the command line sees them in tests: tables of their own in two engines, behind a control API that answers
// as a run's does, DNS by the records of evacuation in the tables.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoRegionState } from '../../lambdas/adapters/dynamo/region-state.ts';
import type { DeploymentSeen } from '../../local/codedeploy/deployments.ts';
import type { ControlState, RegionState } from '../../local/control/state.ts';
import { onDynamo } from '../contract/on-dynamo.ts';
import { TABLES } from '../engine/tables.ts';
import { REGIONS } from './two-regions.ts';

const [EAST, WEST] = REGIONS;

/** Refuses connections. */
const NOBODY = 'http://127.0.0.1:9';

export interface WatchedRegions {
  readonly control: string;
  readonly dataDir: string;
  /** What the control API says; a test changes it. */
  readonly world: {
    unhealthy: Set<string>;
    down: Set<string>;
    tablesAway: Set<string>;
    alarms: ControlState['alarms'];
    queues: ControlState['queues'];
    deployments: (DeploymentSeen & { readonly region: string })[];
    /** What becomes of a deployment that is ordered. */
    deploying: (region: string) => Partial<DeploymentSeen>;
    /** DNS goes on as before, whatever is recorded. */
    dnsStands: boolean;
  };
  dynamoIn(region: string): Dynamo;
  stateIn(region: string): DynamoRegionState;
}

/** Registers start and stop with jest; the answer may be used inside of tests. */
export const watchedRegions = (): WatchedRegions => {
  const engines = { [EAST]: onDynamo(), [WEST]: onDynamo() };
  const world: WatchedRegions['world'] = {
    unhealthy: new Set(),
    down: new Set(),
    tablesAway: new Set(),
    alarms: [],
    queues: [],
    deployments: [],
    deploying: () => ({ status: 'Succeeded' }),
    dnsStands: false,
  };
  let server: Server;
  let dataDir = '';
  const dynamoIn = (region: string): Dynamo => engines[region === EAST ? EAST : WEST].dynamo;
  const stateIn = (region: string) => new DynamoRegionState(dynamoIn(region), TABLES.regionState);
  const isOut = (region: string) => stateIn(region === EAST ? WEST : EAST).isEvacuated(region);

  const pages: Readonly<Record<string, (from: string) => Promise<object>>> = {
    '/api/wiring': async () => ({
      jurisdiction: 'us',
      dataDir,
      sqs: { [EAST]: '', [WEST]: '' },
      dynamodb: Object.fromEntries(
        REGIONS.map((region) => [region, world.tablesAway.has(region) ? NOBODY : engines[region].engine.endpoint]),
      ),
    }),
    '/api/state': async () => stateOf(world),
    ...Object.fromEntries(
      REGIONS.map((region) => [
        `/api/regions/${region}/deployments`,
        async () => ({ deployments: world.deployments.filter((one) => one.region === region) }),
      ]),
    ),
    '/api/dns': async (from) => {
      if (world.dnsStands) return { from, answer: from };
      const served = [];
      for (const region of REGIONS)
        if (!world.unhealthy.has(region) && !(await isOut(region))) served.push(region as string);
      return { from, answer: served.length === 0 || served.includes(from) ? from : served[0] };
    },
  };
  const order = (region: string): void => {
    const outcome = world.deploying(region);
    const begun = { id: 'd-1', group: 'payments', status: 'InProgress', creator: 'user', from: '1', to: '2' } as const;
    world.deployments.push({ ...begun, createdAtMs: 0, taken: { byOld: 0, byNew: 0 }, ...outcome, region });
  };
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'baseload-cli-'));
    mkdirSync(join(dataDir, 'logs'));
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://control');
      if (request.method === 'POST') order(pathname.split('/')[3] ?? '');
      const page = pages[pathname];
      const body =
        page === undefined ? Promise.reject(new Error('no such page')) : page(searchParams.get('from') ?? '');
      body.then(
        (answer) => response.end(JSON.stringify(answer)),
        (cause) => response.writeHead(500).end(String(cause)),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.close();
    rmSync(dataDir, { recursive: true });
  });
  return {
    get control() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    get dataDir() {
      return dataDir;
    },
    world,
    dynamoIn,
    stateIn,
  };
};

const stateOf = ({ unhealthy, down, alarms, queues }: WatchedRegions['world']): Partial<ControlState> => ({
  regions: Object.fromEntries(
    REGIONS.map((region): [string, RegionState] => [
      region,
      {
        process: down.has(region) ? 'down' : 'up',
        network: 'connected',
        health: unhealthy.has(region) ? 'unhealthy' : 'healthy',
        checkers: { healthy: unhealthy.has(region) ? 0 : 16, total: 16 },
        evacuated: false,
        viewLagMs: 0,
      },
    ]),
  ),
  alarms,
  queues,
  clock: { nowMs: Date.now(), offsetMs: 0 },
});

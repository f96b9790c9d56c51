import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RegionProcessConfig } from '../../local/processes.ts';
import { choosePorts } from '../../local/supervisor/ports.ts';
import { Region } from '../../local/supervisor/region.ts';

let dataDir = '';
let ledger: Server;
let told: string[] = [];
let aheadMs = 0;
const regions: Region[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'baseload-region-'));
  told = [];
  aheadMs = 0;
  ledger = createServer((incoming, outgoing) => {
    told.push(incoming.url ?? '');
    outgoing.end('{}');
  });
  await once(ledger.listen(0, '127.0.0.1'), 'listening');
});
afterEach(async () => {
  await Promise.all(regions.splice(0).map((region) => region.close()));
  ledger.close();
  ledger.closeAllConnections();
  await rm(dataDir, { recursive: true });
});

const begin = async (name = 'us-east-1') => {
  const ports = (await choosePorts(0, [name])).regions[name];
  if (ports === undefined) throw new Error('no ports');
  const changes: string[] = [];
  const region = new Region({
    config: { plan: { region: name }, ports, dataDir: join(dataDir, name) } as unknown as Omit<
      RegionProcessConfig,
      'isolated' | 'clockOffsetMs'
    >,
    clockOffsetMs: () => aheadMs,
    ledgerAdminPort: (ledger.address() as AddressInfo).port,
    spec: {
      title: `Region ${name}`,
      entry: new URL('./fake-region.mjs', import.meta.url),
      configFile: join(dataDir, 'config.json'),
      logFile: join(dataDir, 'log'),
    },
    onChange: (_region, change, what) => changes.push(`${change} ${what}`),
    servesWithinMs: name === 'unwell' ? 300 : 25_000,
  });
  regions.push(region);
  const enginePid = async () => Number(await readFile(join(dataDir, `${name}.engine-pid`), 'utf8'));
  return { region, changes, enginePid, edge: `http://127.0.0.1:${ports.edge}` };
};

/** A killed process whose parent is gone stays as a zombie until it is reaped. */
const isRunning = async (pid: number): Promise<boolean> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat !== undefined && !/\) Z /.test(stat);
};
const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('the clock of a Region', () => {
  const clock = () => readFile(join(dataDir, 'us-east-1.clock'), 'utf8');

  test('is the run’s when it starts, when that is moved, and when it comes back', async () => {
    const { region } = await begin();
    aheadMs = 1_000;
    await region.start();
    expect(await clock()).toBe('1000');
    aheadMs = 5_000;
    await region.followClock();
    expect(await clock()).toBe('5000');
    await region.kill();
    aheadMs = 9_000;
    await region.followClock();
    expect(await clock()).toBe('5000');
    await region.start();
    expect(await clock()).toBe('9000');
  });
});

test('deliveries of a Region that is down cannot go wrong', async () => {
  const { region } = await begin();
  const refused = /^Region us-east-1 is down: start it first$/;
  await expect(region.injectFault({ kind: 'stream' }, { kind: 'duplicate', count: 1 })).rejects.toThrow(refused);
  await expect(region.rereadStream()).rejects.toThrow(refused);
  await expect(region.renewal('stop')).rejects.toThrow(refused);
});

describe('a Region', () => {
  test('is started once it serves, and killed with its whole process group', async () => {
    const { region, changes, enginePid, edge } = await begin();
    expect(region.process).toBe('down');
    await region.start();
    expect(region.process).toBe('up');
    expect((await fetch(`${edge}/health`)).status).toBe(200);
    const pid = await enginePid();
    expect(await isRunning(pid)).toBe(true);
    await region.kill();
    expect(region.process).toBe('down');
    await expect(fetch(`${edge}/health`)).rejects.toThrow('fetch failed');
    await until(async () => !(await isRunning(pid)));
    expect(changes).toEqual(['process up', 'process killed']);
    expect(told).toEqual(['/regions/us-east-1/up', '/regions/us-east-1/down']);
  });

  test('every order is idempotent, and orders given at once are followed one after the other', async () => {
    const { region, changes } = await begin();
    await Promise.all([region.start(), region.start(), region.kill(), region.kill(), region.start()]);
    expect(region.process).toBe('up');
    expect(changes).toEqual(['process up', 'process killed', 'process up']);
  });

  test('that ends by itself shows as down, and its group goes with it', async () => {
    const { region, changes, enginePid, edge } = await begin();
    await region.start();
    const pid = await enginePid();
    await fetch(`${edge}/die`).catch(() => undefined);
    await until(() => region.process === 'down');
    await until(async () => !(await isRunning(pid)));
    await until(() => told.length === 2);
    expect(told).toEqual(['/regions/us-east-1/up', '/regions/us-east-1/down']);
    expect(changes[1]).toBe(`process ended by itself (SIGKILL), see ${join(dataDir, 'log')}`);
    await region.start();
    expect(region.process).toBe('up');
  });

  test('isolated it stays up, and isolated it comes back when started again', async () => {
    const { region } = await begin();
    await region.start();
    await region.isolate();
    await region.isolate();
    expect([region.process, region.network]).toEqual(['up', 'isolated']);
    await region.kill();
    await region.start();
    expect(await readFile(join(dataDir, 'us-east-1.isolated'), 'utf8')).toBe('true');
    await region.rejoin();
    expect(region.network).toBe('connected');
    expect(told.map((path) => path.split('/').at(-1))).toEqual(['up', 'isolate', 'down', 'up', 'rejoin']);
  });

  test('that starts and does not serve is stopped, and does not pass for started the next time', async () => {
    const { region, enginePid } = await begin('unwell');
    for (const _ of ['first', 'again']) {
      await expect(region.start()).rejects.toThrow('Region unwell does not serve: /health answered 503 for 300 ms');
      expect(region.process).toBe('down');
      const pid = await enginePid();
      await until(async () => !(await isRunning(pid)));
    }
    expect(told.map((path) => path.split('/').at(-1))).toEqual(['up', 'down', 'up', 'down']);
  });

  test('that cannot start says why, from its log', async () => {
    const { region } = await begin('broken');
    await expect(region.start()).rejects.toThrow(
      'Region broken did not start: it ended (exit code 1): listen EADDRINUSE: address already in use 127.0.0.1:1',
    );
    expect(region.process).toBe('down');
    expect(told).toEqual(['/regions/broken/up', '/regions/broken/down']);
  });
});

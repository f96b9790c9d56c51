import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { startEngine } from './start-engine.ts';
import { createTables, rawClient } from './tables.ts';

const answers = (endpoint: string): Promise<boolean> =>
  fetch(endpoint, { method: 'POST' }).then(
    () => true,
    () => false,
  );

test('an engine has all eight tables, and is gone after stop', async () => {
  const engine = await startEngine();
  await createTables(engine.endpoint);
  const client = rawClient(engine.endpoint);
  const { TableNames } = await client.send(new ListTablesCommand({}));
  client.destroy();
  expect(TableNames).toEqual([
    'baseload-us-catalog-g1',
    'baseload-us-ledger-g1',
    'baseload-us-profiles-g1',
    'baseload-us-readings-g1',
    'baseload-us-region-state-g1',
    'baseload-us-request-counts-g1',
    'baseload-us-seal-work-g1',
    'baseload-us-views-g1',
  ]);
  await engine.stop();
  await engine.stop();
  expect(await answers(engine.endpoint)).toBe(false);
});

test('an engine ends, and its data with it, when the process that started it is killed', async () => {
  const source = new URL('./start-engine.ts', import.meta.url).pathname;
  const script = `import { startEngine } from ${JSON.stringify(source)};
    const { endpoint } = await startEngine();
    process.stdout.write(endpoint, () => process.kill(process.pid, 'SIGKILL'));`;
  const directory = await mkdtemp(join(tmpdir(), 'baseload-orphan-'));
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let endpoint = '';
  owner.stdout.on('data', (chunk: Buffer) => {
    endpoint += chunk.toString();
  });
  await once(owner, 'close');
  expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  for (let tries = 0; tries < 100 && (await answers(endpoint)); tries++) await pause(50);
  expect(await answers(endpoint)).toBe(false);
  for (let tries = 0; tries < 100 && (await readdir(directory)).some((name) => name.startsWith('baseload-')); tries++) {
    await pause(50);
  }
  expect((await readdir(directory)).filter((name) => name.startsWith('baseload-'))).toEqual([]);
  await rm(directory, { recursive: true });
}, 20_000);

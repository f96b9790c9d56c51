import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../local/free-port.ts';
import type { LedgerProcessConfig } from '../../local/processes.ts';
import {
  clientOf,
  EAST,
  eventually,
  LEDGER,
  ledgerConfig,
  putNew,
  removeDirectory,
  temporaryDirectory,
  WEST,
} from './ledger-fixture.ts';

const directory = temporaryDirectory();
const configFile = join(directory, 'ledger.json');
let config: LedgerProcessConfig;
let east: DynamoDBClient;

beforeAll(async () => {
  const ports = {
    engine: await freePort(),
    admin: await freePort(),
    gateways: { [EAST]: await freePort(), [WEST]: await freePort() },
  };
  config = { ...ledgerConfig(directory), ports };
  writeFileSync(configFile, JSON.stringify(config));
  east = clientOf(`http://127.0.0.1:${ports.gateways[EAST]}`, EAST);
});

afterAll(() => {
  east.destroy();
  removeDirectory(directory);
});

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGTERM');
});

const script = new URL('../../local/ledger-process.ts', import.meta.url).pathname;

const start = async (file = configFile): Promise<ChildProcess> => {
  const child = fork(script, [file], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  children.push(child);
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString('utf8');
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', (message) => {
      expect(message).toEqual({ kind: 'ready' });
      resolve();
    });
    child.once('exit', () => reject(new Error(log)));
  });
  return child;
};

const end = (child: ChildProcess, how: () => void): Promise<unknown> => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  how();
  return ended;
};

const engineAnswers = (): Promise<boolean> =>
  fetch(`http://127.0.0.1:${config.ports.engine}/`).then(
    () => true,
    () => false,
  );

test('killed in the middle of writes it has every acknowledged one, and ends with its parent', async () => {
  const first = await start();
  const acknowledged: string[] = [];
  const writing = Promise.all(
    Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; n < 200; n += 1) {
        const sk = `p#${writer}_${n}#000`;
        const done = await putNew(east, 'us_kill', sk).then(
          () => true,
          () => false,
        );
        if (!done) return;
        acknowledged.push(sk);
      }
    }),
  );
  await eventually('some writes are acknowledged', async () => acknowledged.length > 40);
  await end(first, () => first.kill('SIGKILL'));
  await writing;

  const second = await start();
  const { Items } = await east.send(new ScanCommand({ TableName: LEDGER, ConsistentRead: true }));
  const stored = new Set(Items?.map((item) => item.sk?.S));
  expect(acknowledged.filter((sk) => !stored.has(sk))).toEqual([]);
  expect(await engineAnswers()).toBe(true);
  await end(second, () => second.disconnect());
  expect(await engineAnswers()).toBe(false);
}, 20_000);

test('a taken port is one line, and it is the end of that process', async () => {
  const holder = await start();
  const otherFile = join(directory, 'other.json');
  writeFileSync(
    otherFile,
    JSON.stringify({ ...config, dataDir: join(directory, 'other'), ports: { ...config.ports, engine: 0 } }),
  );
  await expect(start(otherFile)).rejects.toThrow(
    /^ledger: port \d+ is in use: end what listens there, or choose another port\n$/,
  );
  await end(holder, () => holder.kill('SIGTERM'));
  expect(await engineAnswers()).toBe(false);
}, 20_000);

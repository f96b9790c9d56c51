// Shows the client as its users get it: a small bundle with nothing of Node in it, and the README's example compiled and run against it.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transformSync } from 'esbuild';
import { type BuiltClient, buildClient } from '../../scripts/client-package.ts';
import { answers, problem } from './fake-region.ts';
import { ACCEPTED, eachTestItsPair, OWED } from './two-regions.ts';

const CLIENT = fileURLToPath(new URL('../../client', import.meta.url));
const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
const run = promisify(execFile);

const pair = eachTestItsPair();
let home = '';
let built: BuiltClient;

/** A program of somebody who has installed the package. */
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'baseload-client-'));
  const installed = join(home, 'node_modules/@baseload/client');
  mkdirSync(installed, { recursive: true });
  cpSync(join(CLIENT, 'package.json'), join(installed, 'package.json'));
  built = buildClient(join(installed, 'dist'));
  writeFileSync(join(home, 'package.json'), '{"type":"module"}');
}, 60_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

test('the bundle imports nothing and stays under 16 KiB', () => {
  expect(built.imports).toEqual([]);
  expect(built.bytes).toBeLessThan(16_384);
  expect(built.bytes).toBeGreaterThan(4_096);
});

test('the package needs no other one', () => {
  const manifest = JSON.parse(readFileSync(join(CLIENT, 'package.json'), 'utf8'));
  expect(Object.keys(manifest).filter((name) => /dependencies/i.test(name))).toEqual([]);
});

const example = (): string => {
  const [, code] = /```ts\n(.*?)```/s.exec(readFileSync(join(CLIENT, 'README.md'), 'utf8')) ?? [];
  if (code === undefined) throw new Error('client/README.md has no example');
  return code;
};

test("the README's example compiles against the package's types, as for a browser", async () => {
  writeFileSync(join(home, 'example.ts'), example());
  const options = [
    '--strict',
    '--noEmit',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'es2022,dom',
    '--types',
    '',
  ];
  const { stdout } = await run(process.execPath, [TSC, ...options, join(home, 'example.ts')], { cwd: home });
  expect(stdout).toBe('');
}, 60_000);

test('and runs: a payer pays once while the first Region does not know', async () => {
  const line = { position: 'x', type: 'payment', occurredAt: '2026-11-01T09:30:00.000Z', amountMinor: -7_000 };
  const page = { lines: [{ ...line, balanceMinor: 0, description: 'Payment' }], nextCursor: null };
  const paid = answers(201, { ...ACCEPTED, amountMinor: OWED.dueMinor });
  pair.east.does(answers(200, OWED), problem(503, 'outcome-unknown', { 'retry-after': '1' }));
  pair.west.does(paid, answers(200, page));
  const code = example()
    .replace('https://us-east-1.billing.example.com', pair.east.url)
    .replace('https://us-west-2.billing.example.com', pair.west.url);
  const session = "globalThis.sessionStorage = { getItem: () => 'a-token' };";
  const { code: program } = transformSync(session + code, { loader: 'ts', format: 'esm' });
  writeFileSync(join(home, 'example.mjs'), program);
  const { stdout } = await run(process.execPath, [join(home, 'example.mjs')], { cwd: home });
  expect(stdout.trim().split('\n')).toEqual([
    'owed: 7000 minor units of USD by 2026-11-15',
    `paid: ${ACCEPTED.paymentId}`,
    '2026-11-01T09:30:00.000Z payment -7000, balance 0',
  ]);
  const keys = [...pair.east.received, ...pair.west.received].flatMap(
    ({ headers }) => headers['idempotency-key'] ?? [],
  );
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  expect(pair.west.received.at(-1)?.headers['baseload-after']).toBe(ACCEPTED.position);
}, 60_000);

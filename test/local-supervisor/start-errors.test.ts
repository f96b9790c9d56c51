import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { choosePorts } from '../../local/supervisor/ports.ts';
import { ended } from '../processes/ended.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'baseload-errors-'));
});
afterAll(() => rm(directory, { recursive: true }));

const started = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => ended('local/main.ts', args, env);

describe('npm start that cannot', () => {
  test('an unknown option: one line on stderr, nothing on stdout, exit 1', async () => {
    expect(await started(['--jsn'])).toEqual({
      code: 1,
      stdout: '',
      stderr: "baseload: Unknown option '--jsn': npm start -- --help lists the options\n",
    });
  });

  test('a missing engine', async () => {
    expect(await started(['--json'], { BASELOAD_DYNAMODB_ENGINE: '/nowhere/dynoxide' })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'baseload: BASELOAD_DYNAMODB_ENGINE names /nowhere/dynoxide, which does not exist: correct or unset it\n',
    });
  });

  test('a data directory in use', async () => {
    const dataDir = join(directory, 'used');
    await mkdir(join(dataDir, 'lock'), { recursive: true });
    await writeFile(join(dataDir, 'baseload.json'), '{"format":1}');
    await writeFile(join(dataDir, 'owner.pid'), String(process.pid));
    expect(await started(['--json', '--data-dir', dataDir])).toEqual({
      code: 1,
      stdout: '',
      stderr: `baseload: data directory ${dataDir} is in use (process ${process.pid}): stop that run, or name another with --data-dir\n`,
    });
  });

  test('a busy port, after which its own data directory is free again', async () => {
    const { api } = await choosePorts(0, ['us-east-1', 'us-west-2']);
    const busy = createServer();
    await once(busy.listen(api, '127.0.0.1'), 'listening');
    const dataDir = join(directory, 'free');
    const { code, stdout, stderr } = await started(['--json', '--port-base', String(api), '--data-dir', dataDir]);
    busy.close();
    expect({ code, stdout, lastLine: stderr.trim().split('\n').at(-1) }).toEqual({
      code: 1,
      stdout: '',
      lastLine: `baseload: port ${api} is in use: stop what listens there, or choose others with --port-base N (0 takes free ones)`,
    });
  }, 60_000);

  test('--help is text, exit 0', async () => {
    const { code, stdout } = await started(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/--port-base N {4}first of 32 ports \(default 4600\); 0 takes free ones/);
  });
});

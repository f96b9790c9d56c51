import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDataDir } from '../../local/supervisor/data-dir.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'baseload-test-'));
});
afterAll(() => rm(root, { recursive: true }));

describe('a data directory', () => {
  test('is temporary when none is named, and gone at the end', async () => {
    const { path, release } = await openDataDir({ fresh: false });
    await writeFile(join(path, 'ledger.db'), 'x');
    await release();
    await expect(readdir(path)).rejects.toThrow('ENOENT');
  });

  test('is gone too when its run is killed', async () => {
    const source = new URL('../../local/supervisor/data-dir.ts', import.meta.url).pathname;
    const script = `import { openDataDir } from ${JSON.stringify(source)};
      await openDataDir({ fresh: false });
      process.kill(process.pid, 'SIGKILL');`;
    const temporary = await mkdtemp(join(root, 'temporary-'));
    const run = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: 'inherit',
    });
    expect(await once(run, 'exit')).toEqual([null, 'SIGKILL']);
    const left = async () => (await readdir(temporary)).filter((name) => name.startsWith('baseload-'));
    expect(await left()).toHaveLength(1);
    while ((await left()).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  }, 20_000);

  test('is kept when named, and emptied by --fresh', async () => {
    const dataDir = join(root, 'kept');
    const first = await openDataDir({ dataDir, fresh: false });
    await writeFile(join(dataDir, 'ledger.db'), 'x');
    await first.release();
    const second = await openDataDir({ dataDir, fresh: false });
    expect(await readdir(dataDir)).toContain('ledger.db');
    await second.release();
    const third = await openDataDir({ dataDir, fresh: true });
    expect(await readdir(dataDir)).not.toContain('ledger.db');
    await third.release();
  });

  test('has one run at a time', async () => {
    const dataDir = join(root, 'locked');
    const { release } = await openDataDir({ dataDir, fresh: false });
    await expect(openDataDir({ dataDir, fresh: true })).rejects.toThrow(
      `data directory ${dataDir} is in use (process ${process.pid}): stop that run, or name another with --data-dir`,
    );
    await release();
    await (await openDataDir({ dataDir, fresh: false })).release();
  });

  test('whose run was killed can be taken over at once', async () => {
    const dataDir = join(root, 'killed');
    await mkdir(join(dataDir, 'lock'), { recursive: true });
    await writeFile(join(dataDir, 'baseload.json'), '{"format":1}');
    const gone = spawn('true');
    await once(gone, 'exit');
    await writeFile(join(dataDir, 'owner.pid'), String(gone.pid));
    await (await openDataDir({ dataDir, fresh: false })).release();
  });

  test('of another program is neither used nor emptied', async () => {
    const dataDir = join(root, 'photos');
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'cat.jpg'), 'x');
    await expect(openDataDir({ dataDir, fresh: true })).rejects.toThrow(
      `data directory ${dataDir} holds other files and no baseload.json: name an empty or new one with --data-dir`,
    );
    expect(await readdir(dataDir)).toEqual(['cat.jpg']);
  });

  test('of another version is refused', async () => {
    const dataDir = join(root, 'newer');
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'baseload.json'), '{"format":2}');
    await expect(openDataDir({ dataDir, fresh: false })).rejects.toThrow(
      `data directory ${dataDir} has format 2, this version reads 1: name another with --data-dir`,
    );
  });
});

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { keptAssembly } from '../../local/supervisor/synthesis.ts';

/** Above the highest process id there can be. */
const NO_PROCESS = 4_194_305;

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'baseload-synth-'));
  await mkdir(join(root, 'lib'));
  await writeFile(join(root, 'lib', 'app.ts'), 'one');
  await writeFile(join(root, 'config.json'), '{}');
});
afterEach(() => rm(root, { recursive: true }));

const begin = () => {
  let syntheses = 0;
  const options = {
    root,
    configFile: 'config.json',
    cacheDir: join(root, 'cache'),
    synthesize: async (outDir: string) => {
      syntheses += 1;
      await writeFile(join(outDir, 'manifest.json'), `synthesis ${syntheses}`);
    },
  };
  return { options, syntheses: () => syntheses };
};

describe('the kept assembly', () => {
  test('is made once and used again while nothing it is made from has changed', async () => {
    const { options, syntheses } = begin();
    const first = await keptAssembly(options);
    const second = await keptAssembly(options);
    expect([first.isNew, second.isNew, second.dir === first.dir, syntheses()]).toEqual([true, false, true, 1]);
    await writeFile(join(root, 'README.md'), 'not an input');
    expect((await keptAssembly(options)).isNew).toBe(false);
  });

  test.each([
    ['a source file', 'lib/app.ts', 'two'],
    ['a new source file', 'lib/more.ts', ''],
    ['the configuration', 'config.json', '{"a":1}'],
    ['the lockfile', 'package-lock.json', '{}'],
  ])('is made anew when %s changes', async (_what, file, content) => {
    const { options, syntheses } = begin();
    await keptAssembly(options);
    await writeFile(join(root, file), content);
    expect((await keptAssembly(options)).isNew).toBe(true);
    expect(syntheses()).toBe(2);
  });

  test('two runs at once end with one whole assembly', async () => {
    const { options } = begin();
    const [one, other] = await Promise.all([keptAssembly(options), keptAssembly(options)]);
    expect(one.dir).toBe(other.dir);
    expect(await readFile(join(one.dir, 'manifest.json'), 'utf8')).toMatch(/^synthesis [12]$/);
    expect(await readdir(options.cacheDir)).toHaveLength(1);
  });

  test('a synthesis that fails leaves nothing behind', async () => {
    const { options } = begin();
    const failing = { ...options, synthesize: () => Promise.reject(new Error('no such Region')) };
    await expect(keptAssembly(failing)).rejects.toThrow('no such Region');
    expect(await readdir(options.cacheDir)).toEqual([]);
  });

  test('old ones are forgotten, unless a living run reads them', async () => {
    const { options } = begin();
    const read = await keptAssembly(options);
    for (let version = 0; version < 7; version += 1) {
      await writeFile(join(root, 'lib', 'app.ts'), `version ${version}`);
      await keptAssembly({ ...options, reader: NO_PROCESS });
    }
    const kept = await readdir(options.cacheDir);
    expect(kept).toHaveLength(6);
    expect(kept).toContain(basename(read.dir));
  });
});

// Owns the proof that a source is changed in exactly one place, or not at all.
// Leaves to mutants.test.ts and test/compatibility the changes that are made.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { changedSources, type SourceChange } from '../../simulation/mutants/changed-sources.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'baseload-changed-'));
  writeFileSync(join(root, 'tariff.ts'), "export { tax } from './tax.ts';\nexport const price: number = 5;\n");
  writeFileSync(join(root, 'tax.ts'), 'export const tax: number = 7;\n');
});
afterEach(() => rmSync(root, { recursive: true }));

const bundleWith = async (...changes: readonly SourceChange[]): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'tariff.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    plugins: [await changedSources(root, changes)],
  });
  return outputFiles[0]?.text ?? '';
};

describe('sources that say something else', () => {
  test('in several files, and several times in one', async () => {
    const text = await bundleWith(
      { file: 'tariff.ts', find: 'price: number = 5', replace: 'price: number = 6' },
      { file: 'tariff.ts', find: 'number = 6', replace: 'number = 8 /* $& */' },
      { file: 'tax.ts', find: '7', replace: '9' },
    );
    expect(text).toMatch(/price = 8\b/);
    expect(text).toMatch(/tax = 9\b/);
  });

  test('unchanged files say what they did', async () => {
    const text = await bundleWith({ file: 'tax.ts', find: '7', replace: '9' });
    expect(text).toMatch(/price = 5\b/);
  });

  test.each([
    ['not there', 'fee', 0],
    ['there twice', 'export', 2],
  ])('what is %s is not changed', async (_where, find, times) => {
    await expect(bundleWith({ file: 'tariff.ts', find, replace: '' })).rejects.toThrow(
      `tariff.ts has the text to be changed ${times} times, it must once: say it as the file does now, got "${find}"`,
    );
  });
});

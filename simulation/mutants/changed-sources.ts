// Owns sources that say something else in a bundle than in their files.
// Leaves to its callers which, and what is bundled.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

export interface SourceChange {
  /** Below the root. */
  readonly file: string;
  /** Exactly once in it. */
  readonly find: string;
  readonly replace: string;
}

/** In turn, where several are of one file. @throws Error when what is to be changed is not there exactly once */
export const changedSources = async (root: string, changes: readonly SourceChange[]): Promise<Plugin> => {
  const changed = new Map<string, string>();
  for (const { file, find, replace } of changes) {
    const path = join(root, file);
    const text = changed.get(path) ?? (await readFile(path, 'utf8'));
    const times = text.split(find).length - 1;
    if (times !== 1)
      throw new Error(
        `${file} has the text to be changed ${times} times, it must once: say it as the file does now, got ${JSON.stringify(find)}`,
      );
    changed.set(
      path,
      text.replace(find, () => replace),
    );
  }
  return {
    name: 'changed-sources',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = changed.get(path);
        return contents === undefined ? undefined : { contents, loader: 'ts' };
      });
    },
  };
};

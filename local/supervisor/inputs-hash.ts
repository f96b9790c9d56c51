// Owns what a synthesized assembly depends on, as one hash: anything else can change without a new synthesis.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const INPUTS = ['bin', 'lib', 'lambdas', 'cdk.json', 'package-lock.json', 'tsconfig.json'];

const filesUnder = (path: string): string[] => {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).sort();
  return names.flatMap((name) => filesUnder(join(path, name)));
};

/** Hex, 24 characters: enough to name a directory. `configFile` is relative to `root` or absolute. */
export const hashOfInputs = (root: string, configFile: string): string => {
  const hash = createHash('sha256');
  hash.update(`node ${process.versions.node.split('.')[0]}\n`);
  for (const file of [...INPUTS, configFile].flatMap((input) => filesUnder(resolve(root, input)))) {
    const content = readFileSync(file);
    // Lengths keep a byte moved from one file to the next from leaving the hash as it was.
    hash.update(`${relative(root, file)}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 24);
};

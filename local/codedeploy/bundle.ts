// Owns what a bundle must be before any call is given to it: a directory on this machine that holds the handler's file.
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** @throws Error naming what is wrong; whether the file can be loaded shows with its first call, as on Lambda */
export const hasHandler = (bundleDir: string, handler: string): void => {
  const file = handler.slice(0, handler.lastIndexOf('.'));
  if (!isAbsolute(bundleDir)) throw new Error(`a bundle is named by its whole path, got ${bundleDir}`);
  if (!['.js', '.mjs', '.cjs'].some((extension) => existsSync(join(bundleDir, file + extension))))
    throw new Error(`${bundleDir} holds no ${file}.js, .mjs or .cjs: name the directory of one function's bundle`);
};

// Owns runs in which functions of the version before stand beside those of this one.
// Leaves to changed-assembly.ts the run, to test/compatibility the version before.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChangedRun, startChanged } from '../../drills/pair/changed-assembly.ts';
import { previousVersionFile } from '../compatibility/versions.ts';

/** Which functions of a Region are those of the version before. */
export type IsPrevious = (region: string, slug: string) => boolean;

export const startTwoVersions = (isPrevious: IsPrevious): Promise<ChangedRun> =>
  startChanged((region, resources, assembly) => {
    copyFileSync(previousVersionFile(), join(assembly, 'version-before.cjs'));
    const assetsFile = join(assembly, `baseload-us-region-${region}.assets.json`);
    const assets = JSON.parse(readFileSync(assetsFile, 'utf8'));
    for (const { type, properties } of resources) {
      const slug = /^baseload-us-(.+)$/.exec(properties.FunctionName ?? '')?.[1];
      if (type !== 'AWS::Lambda::Function' || slug === undefined || !isPrevious(region, slug)) continue;
      const path = join('before', slug);
      mkdirSync(join(assembly, path), { recursive: true });
      writeFileSync(
        join(assembly, path, 'index.js'),
        `module.exports = require('../../version-before.cjs')['${slug}'];\n`,
      );
      properties.Code.S3Key = `before-${slug}.zip`;
      assets.files[`before-${slug}`] = {
        source: { path, packaging: 'zip' },
        destinations: { here: { objectKey: properties.Code.S3Key } },
      };
    }
    writeFileSync(assetsFile, JSON.stringify(assets));
  });

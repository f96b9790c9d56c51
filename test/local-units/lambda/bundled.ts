// Owns small real functions for tests: TypeScript bundled by esbuild as the app's handlers are, in a directory that is removed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { FunctionPlan, RegionPlan } from '../../../local/assembly/plan.ts';

export interface Workspace {
  readonly dir: string;
  /** Bundles `source`, which exports `handler`, and describes it as a function of the plan. */
  fn(name: string, source: string, more?: Partial<FunctionPlan>): FunctionPlan;
  remove(): void;
}

export function workspace(): Workspace {
  const dir = mkdtempSync(join(tmpdir(), 'baseload-fn-'));
  return {
    dir,
    fn: (name, source, more = {}) => {
      const assetDir = join(dir, name);
      mkdirSync(assetDir, { recursive: true });
      writeFileSync(join(assetDir, 'source.ts'), source);
      buildSync({
        entryPoints: [join(assetDir, 'source.ts')],
        outfile: join(assetDir, 'index.js'),
        bundle: true,
        platform: 'node',
        target: 'node20',
        format: 'cjs',
        nodePaths: [join(process.cwd(), 'node_modules')],
      });
      return {
        logicalId: name,
        name,
        arn: `arn:aws:lambda:us-east-1:111111111111:function:${name}`,
        roleName: 'tester',
        assetDir,
        handler: 'index.handler',
        timeoutSeconds: 3,
        memoryMb: 256,
        environment: {},
        ...more,
      };
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export const regionOf = (
  ...functions: readonly FunctionPlan[]
): Pick<RegionPlan, 'region' | 'account' | 'functions' | 'roles' | 'httpApi'> => ({
  region: 'us-east-1',
  account: '111111111111',
  functions,
  httpApi: { apiId: 'local', routes: [], domains: [] },
  roles: [{ name: 'tester', arn: 'arn:aws:iam::111111111111:role/tester', accessKeyId: 'LKIATESTER', statements: [] }],
});

// Owns what a cold start costs: the init of each bundle in a process of its own, beside one that only makes the DynamoDB client.
// Leaves to cold-start/init.cjs the loading. What Lambda does before it, fetching the code, is only seen on AWS.
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BuildOptions, buildSync } from 'esbuild';
import { SLUGS, type Slug } from '../../lambdas/shared/names.ts';
import { BUNDLING, bundleHandlers } from '../../lib/bundle.ts';
import type { Measurement } from '../harness/measurement.ts';
import { quantile, ratioOf } from '../harness/statistics.ts';
import { withDirectory } from '../harness/with-directory.ts';
import { functionEnvironment } from '../workload/function-environment.ts';

const INIT = fileURLToPath(new URL('../cold-start/init.cjs', import.meta.url));
const CLIENT_ONLY = fileURLToPath(new URL('../cold-start/client-only.ts', import.meta.url));
const ROUNDS = 5;
/** What esbuild makes of it for Node, and CDK's NodejsFunction by default: no choice of fields, the SDK whole. */
const { mainFields: _fields, alias: _alias, ...USUAL_BUNDLING } = BUNDLING;
/** Somebody waits for these: an API function, or Route 53. */
const WAITED_FOR: readonly Slug[] = ['payments', 'lookup', 'operations', 'health'];

interface Init {
  readonly tookMs: number;
  readonly cpuMs: number;
}

const initOf = async (bundle: string): Promise<Init> => {
  const env = { PATH: process.env.PATH, ...functionEnvironment('http://127.0.0.1:1') };
  const { stdout } = await promisify(execFile)(process.execPath, [INIT, bundle], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Init;
};

export const measureColdStart: Measurement = ({ progress }) =>
  withDirectory(async (directory) => {
    const floorOf = (name: string, bundling: BuildOptions) => {
      const file = join(directory, `${name.replaceAll(/\W+/g, '-')}.cjs`);
      buildSync({ ...bundling, entryPoints: [CLIENT_ONLY], outfile: file });
      return { name, file };
    };
    const bundles = bundleHandlers();
    const measured = [
      floorOf('only the DynamoDB client, bundled as esbuild does', USUAL_BUNDLING),
      floorOf('only the DynamoDB client, bundled as Baseload is', BUNDLING),
      ...SLUGS.map((slug) => ({ name: slug, file: join(bundles[slug], 'index.js') })),
    ].map((one) => ({ ...one, inits: [] as Init[] }));
    for (let round = 0; round < ROUNDS; round++) {
      progress(`round ${round + 1} of ${ROUNDS}, ${measured.length} processes`);
      for (const { file, inits } of measured) inits.push(await initOf(file));
    }
    const floor = measured[0]?.inits.map(({ cpuMs }) => cpuMs) ?? [];
    const rows = measured.map(({ name, file, inits }) => ({
      name,
      figures: {
        ratio: ratioOf(
          inits.map(({ cpuMs }) => cpuMs),
          floor,
        ),
        cpuMs: quantile(
          inits.map(({ cpuMs }) => cpuMs),
          0.5,
        ),
        tookMs: quantile(
          inits.map(({ tookMs }) => tookMs),
          0.5,
        ),
        kilobytes: statSync(file).size / 1000,
      },
    }));
    return {
      tables: [
        {
          title: 'cold start',
          columns: [
            { key: 'cpuMs', heading: 'CPU ms', digits: 0 },
            { key: 'ratio', heading: 'of the first' },
            { key: 'tookMs', heading: 'wall ms', digits: 0 },
            { key: 'kilobytes', heading: 'bundle kB', digits: 0 },
          ],
          rows,
        },
      ],
      targets: rows
        .filter(({ name }) => WAITED_FOR.some((slug) => slug === name))
        .map(({ name, figures }) => ({
          what: `init of ${name}, of that of the client alone as usually bundled`,
          measured: figures.ratio.median,
          bound: { atMost: 1.3 },
        })),
      notes: [
        `Median of ${ROUNDS} fresh processes each, in turns. The ratio is of CPU time, which other processes on the machine hardly change.`,
        'Targets are for the functions that somebody waits for; the others work queues, streams and schedules.',
      ],
    };
  });

// Owns the way from the app's source to the plan of what runs here.
// Leaves to lib/ the app, to synthesis.ts when it is made anew, and to local/assembly its meaning.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { AppPlan } from '../assembly/plan.ts';
import { readAssembly } from '../assembly/read-assembly.ts';
import type { Progress } from '../screen/progress.ts';
import { oneLine, StartFailure } from './start-failure.ts';
import { keptAssembly } from './synthesis.ts';

export interface SynthesisOrder {
  readonly configFile: string;
  readonly outdir: string;
}

const CONFIG_FILE = 'baseload.config.json';

/** @throws StartFailure when the app does not synthesize or declares what cannot be run here */
export const planFromSource = async (root: string, progress: Progress): Promise<AppPlan> =>
  planFromAssembly(await assemblyFromSource(root, progress), progress);

/** Its directory. @throws StartFailure when the app does not synthesize */
export const assemblyFromSource = async (root: string, progress: Progress): Promise<string> => {
  const configFile = join(root, CONFIG_FILE);
  try {
    const { dir } = await keptAssembly({
      root,
      configFile,
      cacheDir: join(root, '.baseload', 'assembly'),
      synthesize: (outdir) => progress.step('synthesizing the CDK app', () => synthesize({ configFile, outdir })),
    });
    return dir;
  } catch (cause) {
    throw new StartFailure(`the app cannot be run: ${oneLine(cause)}`, { cause });
  }
};

/** @throws StartFailure when there is no assembly in `dir`, or it declares what cannot be run here */
export const planFromAssembly = async (dir: string, progress: Progress): Promise<AppPlan> => {
  if (!existsSync(join(dir, 'manifest.json'))) {
    throw new StartFailure(`no cloud assembly in ${dir}: make one with npx cdk synth --output ${dir}`);
  }
  try {
    return await progress.step('reading the templates', async () => readAssembly(dir));
  } catch (cause) {
    throw new StartFailure(`the app cannot be run: ${oneLine(cause)}`, { cause });
  }
};

/** aws-cdk-lib takes a second to load: only a new synthesis pays for it, and its thread takes the memory with it. */
const synthesize = async (order: SynthesisOrder): Promise<void> => {
  const worker = new Worker(new URL('./synthesis-worker.mjs', import.meta.url), { workerData: order });
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`the synthesis ended with code ${code}`)),
    );
  });
};

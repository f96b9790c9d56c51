// Owns the way from the app's source to the plan of what runs here.
// Leaves to lib/ the app, to synthesis.ts when it is made anew, and to local/assembly its meaning.
import { join } from 'node:path';
import type { AppPlan } from '../assembly/plan.ts';
import { readAssembly } from '../assembly/read-assembly.ts';
import type { Progress } from '../screen/progress.ts';
import { oneLine, StartFailure } from './start-failure.ts';
import { keptAssembly } from './synthesis.ts';

const CONFIG_FILE = 'baseload.config.json';

/** @throws StartFailure when the app does not synthesize or declares what cannot be run here */
export const planFromSource = async (root: string, progress: Progress): Promise<AppPlan> => {
  const configFile = join(root, CONFIG_FILE);
  try {
    const { dir } = await keptAssembly({
      root,
      configFile,
      cacheDir: join(root, '.baseload', 'assembly'),
      synthesize: (outDir) => progress.step('synthesizing the CDK app', () => synthesize(configFile, outDir)),
    });
    return await progress.step('reading the templates', async () => readAssembly(dir));
  } catch (cause) {
    throw new StartFailure(`the app cannot be run: ${oneLine(cause)}`, { cause });
  }
};

/** aws-cdk-lib takes a second to load: only a new synthesis pays for it. */
const synthesize = async (file: string, outdir: string): Promise<void> => {
  const [{ buildApp }, { readConfig }] = await Promise.all([import('../../lib/app.ts'), import('../../lib/config.ts')]);
  buildApp({ config: readConfig(file), outdir }).synth();
};

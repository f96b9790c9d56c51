// Owns one synthesis of the CDK app, in a thread of its own: it blocks for seconds, and Ctrl-C must not wait for it.
// Leaves to synthesis.ts where the assembly goes. Plain JavaScript, since `--import tsx` does not reach worker threads on Node 20.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const [{ buildApp }, { readConfig }] = await Promise.all([import('../../lib/app.ts'), import('../../lib/config.ts')]);
const { configFile, outdir } = /** @type {import('./assembly.ts').SynthesisOrder} */ (workerData);
buildApp({ config: readConfig(configFile), outdir }).synth();

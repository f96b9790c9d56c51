// Owns everything between the options of `npm start` and a ready pair of Regions with the demo customer in them.
// Leaves to main.ts how it is shown and how it ends.
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { demoAccountOf, loadDemoAccount } from '../demo/demo-account.ts';
import { engineCommand } from '../dynamodb/engine-binary.ts';
import type { Progress } from '../screen/progress.ts';
import type { ReadyFacts, ScreenFacts } from '../screen/screen.ts';
import type { StartOptions } from './args.ts';
import { planFromAssembly, planFromSource } from './assembly.ts';
import type { Closers } from './closers.ts';
import { openDataDir } from './data-dir.ts';
import { type RunOptions, startRun } from './run.ts';
import { StartFailure } from './start-failure.ts';

/** Every run draws the same lags, phases and delays from it. */
const SEED = 1;
/** Its presence says that the demo customer is in the ledger. */
const DEMO_MARKER = 'demo-loaded';

export interface Started {
  readonly ready: ReadyFacts;
  readonly screen: ScreenFacts;
}

interface StartContext extends Pick<RunOptions, 'note' | 'onFatal'> {
  readonly root: string;
  readonly progress: Progress;
  readonly closers: Closers;
  /** Milliseconds since the program began. */
  readonly elapsedMs: () => number;
}

/** @throws StartFailure, EngineUnavailable; what was started by then is in `closers` */
export const start = async (options: StartOptions, context: StartContext): Promise<Started> => {
  const { closers, progress } = context;
  checkPlatform();
  const dataDir = await openDataDir(options);
  closers.add(() => dataDir.release());
  const plan =
    options.assembly === undefined
      ? await planFromSource(context.root, progress)
      : await planFromAssembly(resolve(options.assembly), progress);
  const run = await startRun({
    plan,
    portBase: options.portBase,
    dataDir: dataDir.path,
    seed: SEED,
    progress,
    closers,
    note: context.note,
    onFatal: context.onFatal,
  });
  const demoAccount = demoAccountOf(plan.jurisdiction);
  const marker = join(dataDir.path, DEMO_MARKER);
  if (!existsSync(marker)) {
    const token = await run.issuer.token({ accounts: [], scope: 'billing:operate' });
    await progress.step('issuing the bills of the demo customer', () => loadDemoAccount(run.api, token, demoAccount));
    writeFileSync(marker, `${demoAccount}\n`);
  }
  const { api, control, dns, regions } = run;
  const readyMs = Math.round(context.elapsedMs());
  const ready: ReadyFacts = { ready: true, readyMs, api, regions, dns, hostname: plan.hostname, control };
  const token = await run.issuer.token({ accounts: [demoAccount], scope: 'billing:read billing:pay' });
  return { ready, screen: { ...ready, answer: run.route53.answer(), demoAccount, token, dataDir: options.dataDir } };
};

/** @throws StartFailure, EngineUnavailable before anything is made */
const checkPlatform = (): void => {
  if (process.platform === 'win32') {
    throw new StartFailure('Windows has no process groups to kill a Region with: run this under WSL, Linux or macOS');
  }
  engineCommand(0, 'unused');
};

// Owns everything between the options of `npm start` and a ready pair of Regions with the demo customer in them.
// Leaves to main.ts how it is shown and how it ends.
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { announceRun } from '../announced-runs.ts';
import { demoAccountOf, loadDemoAccount } from '../demo/demo-account.ts';
import { demoRequest } from '../demo/demo-request.ts';
import { loadMeterFile, type MeteredHome, meteredHomes, openMeteredHome } from '../demo/metered-homes.ts';
import { engineCommand } from '../dynamodb/engine-binary.ts';
import type { Progress } from '../screen/progress.ts';
import type { ReadyFacts, ScreenFacts } from '../screen/screen.ts';
import type { StartOptions } from './args.ts';
import { planFromAssembly, planFromSource } from './assembly.ts';
import type { Closers } from './closers.ts';
import { openDataDir } from './data-dir.ts';
import { type Run, type RunOptions, startRun } from './run.ts';
import { oneLine, StartFailure } from './start-failure.ts';

/** Every run draws the same lags, phases and delays from it. */
const SEED = 1;
/** Their presence says that the facts of the demo are in the ledger, and its meter files with the readings. */
const FACTS_MARKER = 'demo-facts-loaded';
const METERS_MARKER = 'demo-meters-loaded';

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
  const homes = meteredHomes(plan.jurisdiction);
  const marker = join(dataDir.path, FACTS_MARKER);
  if (!existsSync(marker)) {
    const token = await run.issuer.token({ accounts: [], scope: 'billing:operate' });
    await progress.step('issuing the bills of the demo customer', async () => {
      for (const home of homes) await openMeteredHome({ api: run.api, token }, home);
      await loadDemoAccount(run.api, token, demoAccount);
    });
    writeFileSync(marker, `${demoAccount}\n`);
  }
  const { api, control, dns, regions } = run;
  closers.add(announceRun(control));
  const readyMs = Math.round(context.elapsedMs());
  const ready: ReadyFacts = { ready: true, readyMs, api, regions, dns, hostname: plan.hostname, control };
  const accounts = [demoAccount, ...homes.map(({ accountId }) => accountId)];
  const token = await run.issuer.token({ accounts, scope: 'billing:read billing:pay' });
  void loadMeterFiles(run, homes, join(dataDir.path, METERS_MARKER), context);
  const screen = { ...ready, answer: run.route53.answer(), demoAccount, meteredHomes: homes, token };
  return { ready, screen: { ...screen, dataDir: options.dataDir } };
};

/** While everything is used already. Never rejects: a run without its meter files is a run. */
const loadMeterFiles = async (
  { api, issuer }: Run,
  homes: readonly MeteredHome[],
  marker: string,
  { closers, note }: StartContext,
): Promise<void> => {
  if (existsSync(marker)) return;
  const ending = new AbortController();
  closers.add(() => ending.abort());
  const say = (now: string) => note('meter files of the demo', now);
  say('loading');
  try {
    const token = await issuer.token({ accounts: [], scope: 'billing:operate billing:read readings:write' });
    const to = { api, token, signal: ending.signal };
    // Functions start two at a time: the one that payers ask first comes first, the others one after the other.
    for (const { accountId } of homes) await demoRequest(to, 'GET', `/v1/accounts/${accountId}`);
    for (const home of homes) await loadMeterFile(to, home);
    writeFileSync(marker, `${homes.map(({ accountId }) => accountId).join('\n')}\n`);
    say('stored');
  } catch (cause) {
    if (!ending.signal.aborted) say(`not stored: ${oneLine(cause)}`);
  }
};

/** @throws StartFailure, EngineUnavailable before anything is made */
const checkPlatform = (): void => {
  if (process.platform === 'win32') {
    throw new StartFailure('Windows has no process groups to kill a Region with: run this under WSL, Linux or macOS');
  }
  engineCommand(0, 'unused');
};

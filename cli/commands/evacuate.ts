// Owns `evacuate` and `readmit`: takes a Region out of DNS through its peer, or brings it back, and waits until DNS shows it.
// Leaves to the Region what it does meanwhile: it goes on serving who asks it by name.
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { audit } from '../audit.ts';
import { Evacuation } from '../evacuation.ts';
import { oneLine, Refused } from '../failures.ts';
import type { Surroundings } from '../surroundings.ts';
import { openTarget, regionsOf, type Target, type TargetOptions } from '../target.ts';

interface EvacuateOptions extends TargetOptions {
  readonly dryRun?: true;
  readonly force?: true;
  readonly yes?: true;
}

const LOOK_AGAIN_MS = 1_000;
/** Checkers look every 30 s and all but two must agree, name servers hear of it within some 10 s: three times that. */
const LONGEST_WAIT_MS = 120_000;
const RUNBOOK = 'docs/runbooks/region-unhealthy.md';

export const addEvacuate = (program: Command, around: Surroundings): void => {
  program
    .command('evacuate')
    .description('take a Region out of DNS through the other one, and wait until DNS has left it')
    .argument('<region>', 'the one to leave')
    .option('--dry-run', 'show how both are and change nothing')
    .option('--force', 'also when the other Region cannot take over')
    .option('--yes', 'do not ask')
    .action((region: string, _own: unknown, command: Command) =>
      withEvacuation(region, command.optsWithGlobals<EvacuateOptions>(), around, evacuate),
    );
  program
    .command('readmit')
    .description('bring an evacuated Region back into DNS, and wait until DNS answers with it')
    .argument('<region>', 'the one to bring back')
    .option('--dry-run', 'show how it is and change nothing')
    .option('--yes', 'do not ask')
    .action((region: string, _own: unknown, command: Command) =>
      withEvacuation(region, command.optsWithGlobals<EvacuateOptions>(), around, readmit),
    );
};

interface Work {
  readonly target: Target;
  readonly evacuation: Evacuation;
  readonly options: EvacuateOptions;
  readonly around: Surroundings;
}

const withEvacuation = async (
  named: string,
  options: EvacuateOptions,
  around: Surroundings,
  work: (given: Work) => Promise<void>,
): Promise<void> => {
  const target = await openTarget(options);
  const [region = named] = regionsOf(target, named);
  const evacuation = new Evacuation(target, region);
  try {
    await work({ target, evacuation, options, around });
  } finally {
    evacuation.close();
  }
};

const evacuate = async ({ target, evacuation, options, around }: Work): Promise<void> => {
  const { region, peer } = evacuation;
  const { terminal, nowMs } = around;
  const [isOut, obstacle] = await Promise.all([evacuation.isEvacuated(), evacuation.whyPeerCannotServe()]);
  terminal.print(`${region}  ${isOut ? `${peer} holds it to be evacuated already` : 'is not evacuated'}`);
  terminal.print(`${peer}  ${obstacle === undefined ? 'is healthy and would serve its payers' : 'cannot take over'}`);
  if (!isOut && obstacle !== undefined && options.force !== true)
    throw new Refused(`payers would have no Region: ${obstacle}. Add --force if they are better off so`);
  if (options.dryRun === true) return terminal.print('dry run: nothing was changed');
  if (!isOut) {
    const but = obstacle === undefined ? '' : ` But ${obstacle}.`;
    if (options.yes !== true)
      await terminal.confirm(`Take ${region} out of DNS, so that its payers go to ${peer} within a minute?${but}`);
    await evacuation.record(true);
    const forced = obstacle === undefined ? {} : { forced: obstacle };
    audit(target, terminal, { command: 'evacuate', region, through: peer, ...forced }, nowMs());
  }
  const answer = await watchDns(evacuation, around, (seen) => seen !== region);
  terminal.print(`${region}  DNS has left it: payers near it are led to ${answer ?? 'no Region'}`);
};

const readmit = async ({ target, evacuation, options, around }: Work): Promise<void> => {
  const { region, peer } = evacuation;
  const { terminal, nowMs } = around;
  const [isOut, health] = await Promise.all([evacuation.isEvacuated(), evacuation.health()]);
  terminal.print(`${region}  ${isOut ? `${peer} holds it to be evacuated` : 'is not evacuated'}`);
  terminal.print(`${region}  is ${health.kind === 'healthy' ? 'healthy' : `not healthy: ${health.why}`}`);
  if (options.dryRun === true) return terminal.print('dry run: nothing was changed');
  if (isOut) {
    if (options.yes !== true) await terminal.confirm(`Bring ${region} back into DNS?`);
    await evacuation.record(false);
    audit(target, terminal, { command: 'readmit', region, through: peer }, nowMs());
  }
  if (health.kind === 'unhealthy') return terminal.print(`${region}  DNS takes it back once it is healthy`);
  await watchDns(evacuation, around, (seen) => seen === region);
  terminal.print(`${region}  DNS answers with it: payers near it are led to it`);
};

/** What DNS answers once it is as wanted. The record is written by then: nothing here undoes it. @throws Refused after two minutes */
const watchDns = async (
  evacuation: Evacuation,
  { terminal, nowMs }: Surroundings,
  isWanted: (answer: string | undefined) => boolean,
): Promise<string | undefined> => {
  const { region } = evacuation;
  const fromMs = nowMs();
  const bar = terminal.progress(`${region}: seconds until DNS shows it`, LONGEST_WAIT_MS / 1_000);
  let seen = '';
  try {
    while (nowMs() - fromMs < LONGEST_WAIT_MS) {
      try {
        const answer = await evacuation.answer();
        if (isWanted(answer)) return answer;
        seen = `DNS leads payers near ${region} to ${answer ?? 'no Region'}`;
      } catch (cause) {
        seen = `what DNS answers cannot be seen (${oneLine(cause)})`;
      }
      bar.update(Math.round((nowMs() - fromMs) / 1_000));
      await pause(LOOK_AGAIN_MS);
    }
  } finally {
    bar.stop();
  }
  throw new Refused(`it is recorded, but after ${LONGEST_WAIT_MS / 1_000} s ${seen}: see ${RUNBOOK}`);
};

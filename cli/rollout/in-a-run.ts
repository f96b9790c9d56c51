// Owns how a bundle of one function is brought to a Region that runs on this machine, and how its deployment there is followed.
// Leaves to local/codedeploy the canary and what takes it back.
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DeploymentSeen } from '../../local/codedeploy/deployments.ts';
import { askRun } from '../control-api.ts';
import { Refused } from '../failures.ts';
import type { Terminal } from '../terminal.ts';
import type { Rollout } from './rollout.ts';

const LOOK_AGAIN_MS = 1_000;

export class RolloutInRun implements Rollout {
  readonly #bundle: string;

  constructor(
    private readonly control: string,
    private readonly slug: string,
    bundle: string,
    private readonly terminal: Pick<Terminal, 'note'>,
  ) {
    this.#bundle = resolve(bundle);
  }

  plan(region: string): string {
    return `${this.slug} of ${region} from ${this.#bundle}`;
  }

  async deploy(region: string): Promise<void> {
    const path = `/api/regions/${region}/deployments`;
    await askRun(this.control, path, { order: { group: this.slug, bundle: this.#bundle } });
    this.terminal.note(`${region}  a share of the calls goes to the new version`);
    for (;;) {
      const { deployments } = await askRun<{ readonly deployments: readonly DeploymentSeen[] }>(this.control, path);
      const own = deployments.filter(({ group, creator }) => group === this.slug && creator === 'user').at(-1);
      if (own === undefined)
        throw new Refused(`${region} knows of no deployment any more: its process was started again`);
      if (own.status === 'Succeeded') return;
      if (own.status === 'Stopped') throw new Refused(`${region} took it back: ${own.error?.message ?? own.status}`);
      await pause(LOOK_AGAIN_MS);
    }
  }

  wayBack(region: string): string {
    return `deploy the bundle before with --region ${region}, or start the run again: it begins with its assembly`;
  }
}

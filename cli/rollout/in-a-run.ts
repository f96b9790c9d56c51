// Owns how a bundle of one function is brought to a Region that runs on this machine, and how its deployment there is followed.
// Leaves to local/codedeploy the canary and what takes it back.
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DeploymentSeen } from '../../local/codedeploy/deployments.ts';
import { Refused } from '../failures.ts';
import type { Terminal } from '../terminal.ts';
import type { Rollout } from './rollout.ts';

const PATIENCE_MS = 5_000;
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
    const body = JSON.stringify({ group: this.slug, bundle: this.#bundle });
    await this.#ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    this.terminal.note(`${region}  a share of the calls goes to the new version`);
    for (;;) {
      const { deployments } = await this.#ask<{ readonly deployments: readonly DeploymentSeen[] }>(path);
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

  async #ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await fetch(new URL(path, this.control), { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
    const answer = (await response.json()) as T & { readonly message?: string };
    if (!response.ok) throw new Refused(answer.message ?? `${path} answered ${response.status}`);
    return answer;
  }
}

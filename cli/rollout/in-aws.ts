// Owns how this checkout is brought to AWS: `cdk deploy` of the stacks of one Region, and of no other.
// Leaves to CloudFormation and CodeDeploy the canary in the Region: the command ends when all calls go to the new version, or none.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CANARY_SLUGS } from '../../lambdas/shared/names.ts';
import { stackName } from '../../lib/stack-name.ts';
import { Refused } from '../failures.ts';
import type { Target } from '../target.ts';
import type { Rollout, RolloutOptions } from './rollout.ts';

/** Resolves with the exit code. */
export type RunCommand = (command: string, args: readonly string[]) => Promise<number>;

/** What it writes goes past us to the terminal, its questions too. */
const runInTerminal: RunCommand = async (command, args) => {
  const child = spawn(command, args, { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
};

export class RolloutInAws implements Rollout {
  readonly before: NonNullable<Rollout['before']>;

  constructor(
    private readonly target: Pick<Target, 'jurisdiction' | 'regions'>,
    private readonly options: Pick<RolloutOptions, 'config' | 'yes' | 'despite'>,
    private readonly run: RunCommand = runInTerminal,
  ) {
    const { jurisdiction, regions } = target;
    const shared = [
      ...(['keys', 'vault'] as const).flatMap((kind) => regions.map((region) => stackName(jurisdiction, kind, region))),
      stackName(jurisdiction, 'ledger'),
    ];
    this.before = { plan: this.#line(shared), run: () => this.#cdkDeploy(shared) };
  }

  plan(region: string): string {
    return this.#line(this.#stacksOf(region));
  }

  deploy(region: string): Promise<void> {
    return this.#cdkDeploy(this.#stacksOf(region));
  }

  wayBack(region: string): string {
    return `from a checkout of the version before: npm run baseload -- deploy --target aws --region ${region}`;
  }

  /** Alarms first: the Region's canaries go by them. */
  #stacksOf(region: string): readonly string[] {
    return (['alarms', 'region'] as const).map((kind) => stackName(this.target.jurisdiction, kind, region));
  }

  async #cdkDeploy(stacks: readonly string[]): Promise<void> {
    const code = await this.run('npx', this.#args(stacks));
    if (code !== 0) throw new Refused(`cdk deploy ended with ${code}: see what it says above`);
  }

  #line(stacks: readonly string[]): string {
    return ['npx', ...this.#args(stacks)].join(' ');
  }

  /** `--exclusively`: what a stack waits for in `cdk deploy --all`, the other Region, is not deployed with it. */
  #args(stacks: readonly string[]): readonly string[] {
    const { config, yes, despite } = this.options;
    const unwatched = CANARY_SLUGS.filter((slug) => despite.includes(`${slug}-errors`));
    return [
      'cdk',
      'deploy',
      ...stacks,
      '--exclusively',
      '--context',
      `config=${config}`,
      ...(unwatched.length > 0 ? ['--context', `ignore-alarms=${unwatched.join(',')}`] : []),
      ...(yes === true ? ['--require-approval', 'never'] : []),
    ];
  }
}

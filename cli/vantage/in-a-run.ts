// Owns the look at a run on this machine, which its control API gives: what its checkers found, and what its DNS answers.
// Leaves to local/route53 both.
import type { Deployment } from '../../lambdas/ports/deployments.ts';
import type { DeploymentSeen } from '../../local/codedeploy/deployments.ts';
import type { ControlState } from '../../local/control/state.ts';
import { askRun } from '../control-api.ts';
import type { QueueSeen, RingingSeen, SeenHealth, Vantage } from './vantage.ts';

export class VantageInRun implements Vantage {
  constructor(private readonly control: string) {}

  async health(region: string): Promise<SeenHealth> {
    const { regions } = await this.#state();
    const seen = regions[region];
    if (seen === undefined) throw new Error(`the run has no Region ${region}`);
    if (seen.process === 'down') return { kind: 'unhealthy', why: 'its process is down' };
    if (seen.health === 'healthy') return { kind: 'healthy' };
    const { healthy, total } = seen.checkers;
    return { kind: 'unhealthy', why: `${healthy} of ${total} checkers find it healthy` };
  }

  async answerNear(region: string): Promise<string | undefined> {
    const { answer } = await askRun<{ readonly answer: string | null }>(this.control, `/api/dns?from=${region}`);
    return answer ?? undefined;
  }

  async ringing(region: string): Promise<readonly RingingSeen[]> {
    const { alarms } = await this.#stateOf(region);
    return alarms
      .filter((alarm) => alarm.region === region && alarm.state === 'ALARM')
      .map(({ slug, tier, sinceMs }) => ({ slug, tier, sinceMs }));
  }

  async queues(region: string): Promise<readonly QueueSeen[]> {
    const { queues } = await this.#stateOf(region);
    return queues
      .filter((queue) => queue.region === region)
      .map(({ slug, visible, oldestAgeMs, dlq }) => ({ slug, visible, oldestAgeMs, deadLetters: dlq }));
  }

  async deployments(region: string): Promise<readonly Deployment[]> {
    const { deployments } = await askRun<{ readonly deployments: readonly DeploymentSeen[] }>(
      this.control,
      `/api/regions/${region}/deployments`,
    );
    return deployments
      .filter(({ status }) => status === 'InProgress')
      .map(({ group, status, createdAtMs }) => ({ slug: group, status, startedAtMs: createdAtMs }));
  }

  async clockAheadMs(): Promise<number> {
    return (await this.#state()).clock.offsetMs;
  }

  /** @throws Error while the Region's process is down: nobody evaluates its alarms then, or counts its messages */
  async #stateOf(region: string): Promise<ControlState> {
    const state = await this.#state();
    if (state.regions[region]?.process !== 'up') throw new Error('its process is down');
    return state;
  }

  #state(): Promise<ControlState> {
    return askRun<ControlState>(this.control, '/api/state');
  }
}

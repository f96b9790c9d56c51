// Owns a bad version of a function, deployed in one Region as any other is: behind the canary's share of the calls.
// Leaves to CodeDeploy, whose business it is, to take it back; the scenario looks at what it did.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Slug } from '../../lambdas/shared/names.ts';
import type { DeploymentSeen } from '../../local/codedeploy/deployments.ts';
import { bundleOf, wrapped } from '../pair/bundles.ts';
import type { Harness } from '../pair/harness.ts';
import { order } from '../pair/own-run.ts';
import type { Fault } from './fault.ts';

/** Of a Region, the first one first. */
export const deploymentsOf = async (baseload: Harness, region: string): Promise<readonly DeploymentSeen[]> =>
  (await baseload.control('GET', `/api/regions/${region}/deployments`)).body.deployments;

/** `source` wraps the function's bundle, see bundles.ts. */
export const badVersion = (what: string, region: string, slug: Slug, source: string): Fault => {
  let directory = '';
  return {
    what,
    begin: async (baseload) => {
      directory = await mkdtemp(join(tmpdir(), 'baseload-version-'));
      const bundle = await wrapped(await bundleOf(baseload, slug), join(directory, slug), source);
      await order(baseload, `/api/regions/${region}/deployments`, { group: slug, bundle });
    },
    end: async (baseload) => {
      // A drill that is broken off before: a Region that starts anew runs the version that it was started with.
      if ((await deploymentsOf(baseload, region)).some(({ status }) => status === 'InProgress')) {
        await baseload.tell(region, 'kill');
        await baseload.tell(region, 'start');
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
};

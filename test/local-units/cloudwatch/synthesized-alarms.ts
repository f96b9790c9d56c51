// Owns the alarms of the templates as a run reads them, of a synthesis made for the tests of this folder.
// Leaves to local/assembly how they are read.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionName, SLUGS } from '../../../lambdas/shared/names.ts';
import { buildAppAndStacks } from '../../../lib/app.ts';
import { readConfig } from '../../../lib/config.ts';
import { readAlarms } from '../../../local/assembly/alarms.ts';
import { readCertificates } from '../../../local/assembly/certificates.ts';
import { readStacks } from '../../../local/assembly/cloud-assembly.ts';
import { readEventRules } from '../../../local/assembly/event-rules.ts';
import { readQueues } from '../../../local/assembly/event-sources.ts';
import { Resources } from '../../../local/assembly/resources.ts';
import type { AlarmPlan } from '../../../local/cloudwatch/alarm-plan.ts';

export const REGIONS = ['us-east-1', 'us-west-2'] as const;

export interface Synthesized {
  readonly alarms: readonly AlarmPlan[];
  /** To be removed. */
  readonly outdir: string;
}

export const synthesizedAlarms = (): Synthesized => {
  const outdir = mkdtempSync(join(tmpdir(), 'baseload-alarms-'));
  buildAppAndStacks({ config: readConfig('baseload.config.json'), assets: 'stub', outdir }).app.synth();
  const resources = Resources.of(readStacks(outdir, 'us'));
  // Functions are stubs here, without an asset that could be read: their names are enough.
  const regions = REGIONS.map((region) => ({
    region,
    functions: SLUGS.map((slug) => ({ name: functionName('us', slug) })),
    queues: readQueues(resources.in(region), 'us'),
    streamSources: [{ functionName: functionName('us', 'project-facts') }],
    certificates: readCertificates(resources.in(region)),
    eventRules: readEventRules(resources.in(region)),
  }));
  return { alarms: readAlarms(resources, 'us', regions), outdir };
};

// Owns releases with a defect: code put in front of a bundled handler, which does its harm while a file beside the assembly says so.
// Leaves to the scenarios what the defect is. Nothing has to be restarted for it to begin or to end.
import { appendFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { functionName, type QueueSlug, queueName, type Slug } from '../../lambdas/shared/names.ts';
import type { TemplateChange, TemplateResource } from '../pair/changed-assembly.ts';
import type { Fault } from './fault.ts';

const FLAG = 'release-has-a-defect';

const named = (resources: readonly TemplateResource[], type: string, name: string): TemplateResource => {
  const found = resources.find(
    ({ properties, type: its }) => its === type && (properties.FunctionName ?? properties.QueueName) === name,
  );
  if (found === undefined) throw new Error(`the templates have no ${type} ${name}`);
  return found;
};

/** `defect` is the body of a function of the event; what it returns, if anything, is worked in the event's place. */
export const releaseWithDefect = (slug: Slug, defect: string): TemplateChange => {
  const changed = new Set<string>();
  return (_region, resources, assembly) => {
    const { Code } = named(resources, 'AWS::Lambda::Function', functionName('us', slug)).properties;
    const code = join(assembly, `asset.${Code.S3Key.replace(/\.zip$/, '')}`, 'index.js');
    // Both Regions run the same asset.
    if (changed.has(code)) return;
    changed.add(code);
    appendFileSync(
      code,
      `
const released = module.exports.handler;
const defect = (event) => { ${defect} };
const isOn = () => require('node:fs').existsSync(${JSON.stringify(join(assembly, FLAG))});
module.exports = { handler: (event, context) => released((isOn() && defect(event)) || event, context) };
`,
    );
  };
};

export interface Patience {
  /** After which a message comes back. AWS takes no queue whose function may take longer than that. */
  readonly visibilitySeconds: number;
  /** After so many it is given up. */
  readonly receives: number;
}

/** So that messages come back, and are given up, within seconds instead of half an hour. */
export const withPatience =
  (queue: QueueSlug, worker: Slug, { receives, visibilitySeconds }: Patience): TemplateChange =>
  (_region, resources) => {
    const { properties } = named(resources, 'AWS::SQS::Queue', queueName('us', queue));
    properties.VisibilityTimeout = visibilitySeconds;
    properties.RedrivePolicy.maxReceiveCount = receives;
    named(resources, 'AWS::Lambda::Function', functionName('us', worker)).properties.Timeout = visibilitySeconds;
  };

export const defectOn = (what: string): Fault => ({
  what,
  begin: async (baseload) => writeFile(join((await baseload.wiring()).assembly, FLAG), ''),
  end: async (baseload) => rm(join((await baseload.wiring()).assembly, FLAG)),
});

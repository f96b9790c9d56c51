// Owns the synthesis that infrastructure tests look at: example configs, templates by stack, findings of a refused synthesis.
// Leaves to bundle.test.ts the only bundling for real: functions are stubs here.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { buildAppAndStacks } from '../../lib/app.ts';
import { type BaseloadConfig, readConfig } from '../../lib/config.ts';

export const usConfig = (): BaseloadConfig => readConfig('baseload.config.json');
export const euConfig = (): BaseloadConfig => readConfig('baseload.eu.config.json');

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly UpdatePolicy?: unknown;
}

export interface SynthesizedStack {
  readonly name: string;
  readonly region: string;
  readonly resources: Readonly<Record<string, Resource>>;
  /** The template as text, to look for what must be nowhere in it. */
  readonly text: string;
  readonly template: Template;
  /** Names of the stacks that must be deployed before. */
  readonly after: readonly string[];
}

type Stacks = ReturnType<typeof buildAppAndStacks>;

const synthesized = new Map<string, readonly SynthesizedStack[]>();

/** Every stack in the order of its deployment; synthesized once for the same config. */
export const synthesize = (config: BaseloadConfig = usConfig()): readonly SynthesizedStack[] => {
  const id = JSON.stringify(config);
  const stacks = synthesized.get(id) ?? synthesizeAnew(config);
  synthesized.set(id, stacks);
  return stacks;
};

const synthesizeAnew = (config: BaseloadConfig): readonly SynthesizedStack[] => {
  const { app } = buildAppAndStacks({ config, assets: 'stub' });
  return app.synth().stacks.map((artifact) => ({
    name: artifact.stackName,
    region: artifact.environment.region,
    resources: artifact.template.Resources,
    text: JSON.stringify(artifact.template),
    template: Template.fromJSON(artifact.template),
    after: artifact.dependencies.map(({ id }) => id).filter((id) => !id.endsWith('.assets')),
  }));
};

export const stackNamed = (stacks: readonly SynthesizedStack[], name: string): SynthesizedStack => {
  const found = stacks.find((stack) => stack.name === name);
  if (found === undefined) throw new Error(`no stack ${name} among ${stacks.map((stack) => stack.name).join(', ')}`);
  return found;
};

export const resourcesOf = (
  stack: SynthesizedStack,
  type: string,
): readonly (Resource & { readonly logicalId: string })[] =>
  Object.entries(stack.resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([logicalId, resource]) => ({ logicalId, ...resource }));

/** @throws Error unless the stack has exactly one resource of the type. */
export const onlyResource = (stack: SynthesizedStack, type: string): Resource & { readonly logicalId: string } => {
  const [found, ...more] = resourcesOf(stack, type);
  if (found === undefined || more.length > 0) throw new Error(`${stack.name} has not exactly one ${type}`);
  return found;
};

/** `rule: description` of each finding after `change` was made to the stacks; empty when the synthesis went through. */
export const findingsAfter = (
  change: (stacks: Stacks) => void,
  config: BaseloadConfig = usConfig(),
): readonly string[] => {
  const outdir = mkdtempSync(join(tmpdir(), 'baseload-synth-'));
  try {
    const stacks = buildAppAndStacks({ config, assets: 'stub', outdir });
    change(stacks);
    stacks.app.synth();
    return [];
  } catch (error) {
    if (!String(error).includes('validation-report.json')) throw error;
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    return report.pluginReports.flatMap(({ violations }: { violations: { ruleName: string; description: string }[] }) =>
      violations.map(({ ruleName, description }) => `${ruleName}: ${description}`),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

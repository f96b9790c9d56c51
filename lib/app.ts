// Owns the making of the CDK app, the same for the cdk command, for the local Regions and for tests.
// Leaves to jurisdiction.ts its stacks and to checks.ts what is refused.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Code as CanaryCode } from 'aws-cdk-lib/aws-synthetics';
import { bundleHandlers, bundleOutsidePayer } from './bundle.ts';
import { addChecks } from './checks.ts';
import type { BaseloadConfig } from './config.ts';
import { buildJurisdiction, type Codes, type JurisdictionStacks } from './jurisdiction.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const DEFAULT_CONFIG_FILE = 'baseload.config.json';

export interface BuildAppProps {
  readonly config: BaseloadConfig;
  /** Where the cloud assembly is written. Default: where the cdk command wants it, else a temporary directory. */
  readonly outdir?: string;
  /** `stub`: functions without their code, for tests that look at templates only. Default: `bundle`. */
  readonly assets?: 'bundle' | 'stub';
}

const stub = (name: string): string => `exports.handler = async () => { throw new Error('${name} is a stub'); };`;

const STUBS: Codes = {
  codeOf: (slug) => Code.fromInline(stub(slug)),
  outsidePayer: () => CanaryCode.fromInline(stub('the payer from outside')),
};

const bundles = (): Codes => {
  const directories = bundleHandlers();
  return {
    codeOf: (slug) => Code.fromAsset(directories[slug]),
    outsidePayer: () => CanaryCode.fromAsset(bundleOutsidePayer()),
  };
};

/** The app with all stacks of one jurisdiction and every check on them; `.synth()` writes it or says what is wrong. */
export const buildApp = (props: BuildAppProps): App => buildAppAndStacks(props).app;

/** As `buildApp`, with the stacks at hand. */
export const buildAppAndStacks = ({
  config,
  outdir,
  assets = 'bundle',
}: BuildAppProps): { app: App } & JurisdictionStacks => {
  // The cdk command hands the context of cdk.json over by itself; without it, flags and strictness must be the same.
  const context = cdkContext();
  const app = new App({ context, analyticsReporting: false, ...(outdir === undefined ? {} : { outdir }) });
  const stacks = buildJurisdiction(app, config, assets === 'stub' ? STUBS : bundles());
  addChecks(app, config.jurisdiction);
  return { app, ...stacks };
};

const cdkContext = (): Record<string, unknown> => {
  const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  return context;
};

/** The file named with `-c config=FILE` on the cdk command line, else `baseload.config.json` of the repository. */
export const configFile = (): string => {
  const fromCommand = JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}') as { readonly config?: unknown };
  return typeof fromCommand.config === 'string' ? fromCommand.config : join(ROOT, DEFAULT_CONFIG_FILE);
};

// Owns the files of a cloud assembly: which stacks there are, where they go, and where each asset's directory is.
// Leaves to intrinsics.ts what a template's values mean.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly UpdatePolicy?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

export interface AssembledStack {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly template: Template;
  /** Directory of each asset of the stack by the key of its zip file in the asset bucket. */
  readonly assetDirs: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly artifacts: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly file?: string;
    readonly tags?: Readonly<Record<string, string>>;
  };
  readonly dependencies?: readonly string[];
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/** Stands for the account of an assembly that was synthesized for none. */
export const LOCAL_ACCOUNT = '123456789012';

const JURISDICTION_TAG = 'baseload:jurisdiction';

/** @throws Error when the directory holds no assembly */
export function jurisdictionsIn(assemblyDir: string): readonly string[] {
  return [
    ...new Set(stackArtifacts(assemblyDir).flatMap(([, { properties }]) => properties?.tags?.[JURISDICTION_TAG] ?? [])),
  ];
}

/** @throws Error when the directory holds no assembly, or none of its stacks belongs to the jurisdiction */
export function readStacks(assemblyDir: string, jurisdiction: string): readonly AssembledStack[] {
  const { artifacts } = readManifest(assemblyDir);
  const ours = stackArtifacts(assemblyDir).filter(
    ([, { properties }]) => properties?.tags?.[JURISDICTION_TAG] === jurisdiction,
  );
  if (ours.length === 0) {
    throw new Error(
      `${assemblyDir} has no stack of jurisdiction ${jurisdiction}, only of ${jurisdictionsIn(assemblyDir).join(', ') || 'none'}`,
    );
  }
  return ours.map(([id, artifact]) => readStack(assemblyDir, id, artifact, artifacts));
}

function readManifest(assemblyDir: string): Manifest {
  const file = join(assemblyDir, 'manifest.json');
  if (!existsSync(file)) throw new Error(`${file} is missing: synthesize the app first (npx cdk synth)`);
  return readJson<Manifest>(file);
}

const stackArtifacts = (assemblyDir: string): readonly (readonly [string, Artifact])[] =>
  Object.entries(readManifest(assemblyDir).artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');

function readStack(
  assemblyDir: string,
  id: string,
  artifact: Artifact,
  artifacts: Manifest['artifacts'],
): AssembledStack {
  const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
  const templateFile = artifact.properties?.templateFile;
  if (region === '' || region === 'unknown-region')
    throw new Error(`stack ${id} names no Region: its env needs one to run here`);
  if (templateFile === undefined) throw new Error(`stack ${id} names no template file`);
  return {
    name: artifact.properties?.stackName ?? id,
    region,
    account: /^\d{12}$/.test(account) ? account : LOCAL_ACCOUNT,
    template: readJson<Template>(join(assemblyDir, templateFile)),
    assetDirs: assetDirs(assemblyDir, artifact.dependencies ?? [], artifacts),
  };
}

function assetDirs(
  assemblyDir: string,
  dependencies: readonly string[],
  artifacts: Manifest['artifacts'],
): ReadonlyMap<string, string> {
  const dirs = new Map<string, string>();
  for (const dependency of dependencies) {
    const artifact = artifacts[dependency];
    if (artifact?.type !== 'cdk:asset-manifest' || artifact.properties?.file === undefined) continue;
    const { files = {} } = readJson<AssetManifest>(join(assemblyDir, artifact.properties.file));
    for (const { source, destinations } of Object.values(files)) {
      if (source.packaging !== 'zip') continue;
      for (const { objectKey } of Object.values(destinations)) dirs.set(objectKey, join(assemblyDir, source.path));
    }
  }
  return dirs;
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

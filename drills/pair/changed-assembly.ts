// Owns runs of an app whose templates were changed after synthesis: what changes with them is what the templates decide.
// Leaves to the proofs what they change.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Progress } from '../../local/screen/progress.ts';
import { assemblyFromSource } from '../../local/supervisor/assembly.ts';
import { Harness } from './harness.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: templates are changed freely here.
export type Properties = any;

export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
}

/** Called for each Region with what its template declares, to change it in place, and with where the assets are. */
export type TemplateChange = (region: string, resources: readonly TemplateResource[], assembly: string) => void;

export interface ChangedRun {
  readonly baseload: Harness;
  readonly dataDir: string;
  /** Ends the run and removes assembly and data. */
  end(): Promise<void>;
}

const QUIETLY: Progress = { step: (_title, work) => work() };

/** Copies the assembly of the source, changes the Regions' own templates and assets, and runs it on data of its own. */
export const startChanged = async (change: TemplateChange): Promise<ChangedRun> => {
  const directory = await mkdtemp(join(tmpdir(), 'baseload-changed-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  const [assembly, dataDir] = [join(directory, 'assembly'), join(directory, 'data')];
  try {
    await cp(await assemblyFromSource(ROOT, QUIETLY), assembly, { recursive: true });
    for (const name of await readdir(assembly)) {
      const region = /-region-(.+)\.template\.json$/.exec(name)?.[1];
      if (region === undefined) continue;
      const template = JSON.parse(await readFile(join(assembly, name), 'utf8'));
      const resources = Object.entries(template.Resources as Record<string, { Type: string; Properties: Properties }>);
      change(
        region,
        resources.map(([logicalId, { Type, Properties }]) => ({ logicalId, type: Type, properties: Properties })),
        assembly,
      );
      await writeFile(join(assembly, name), JSON.stringify(template));
    }
    const baseload = await Harness.start(['--assembly', assembly, '--data-dir', dataDir]);
    return {
      baseload,
      dataDir,
      end: async () => {
        await baseload.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
};

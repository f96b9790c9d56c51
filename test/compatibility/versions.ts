// Owns the versions that tests hold side by side: the one before, as fixtures/previous-version keeps it, and this one, as its sources are
// or as they would be with a change.
// Leaves to forms.ts what the versions must agree on.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import type * as archivedSeal from '../../lambdas/adapters/archived-seal.ts';
import type * as cursor from '../../lambdas/adapters/cursor.ts';
import type * as storedFact from '../../lambdas/adapters/stored-fact.ts';
import type * as viewRows from '../../lambdas/adapters/view-rows.ts';
import type * as codec from '../../lambdas/domain/codec.ts';
import type * as decide from '../../lambdas/domain/decide.ts';
import type * as fingerprint from '../../lambdas/domain/fingerprint.ts';
import type * as fold from '../../lambdas/domain/fold.ts';
import type * as keys from '../../lambdas/domain/keys.ts';
import type * as repair from '../../lambdas/domain/repair.ts';
import type * as seal from '../../lambdas/domain/seal.ts';
import type * as factAnswers from '../../lambdas/shared/fact-answers.ts';
import type * as messages from '../../lambdas/shared/messages.ts';
import type * as config from '../../lib/config.ts';
import { bundleVersion } from '../../scripts/version-bundle.ts';
import { changedSources, type SourceChange } from '../../simulation/mutants/changed-sources.ts';

export type Forms = typeof archivedSeal &
  typeof cursor &
  typeof storedFact &
  typeof viewRows &
  typeof codec &
  typeof decide &
  typeof fingerprint &
  typeof fold &
  typeof keys &
  typeof repair &
  typeof seal &
  typeof factAnswers &
  typeof messages &
  typeof config;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KEPT = join(ROOT, 'fixtures', 'previous-version');
const load = createRequire(import.meta.url);

/** Config files that the version before took. */
export const PREVIOUS_CONFIGS = ['baseload.config.json', 'baseload.eu.config.json'].map((name) => ({
  name,
  file: join(KEPT, name),
}));

/** The file of the version before, unpacked once for each release: a getter for each slug, and `forms`. */
export const previousVersionFile = (): string => {
  const packed = readFileSync(join(KEPT, 'version.cjs.br'));
  const file = join(tmpdir(), `baseload-${createHash('sha256').update(packed).digest('hex').slice(0, 16)}.cjs`);
  if (existsSync(file)) return file;
  // By renaming: another test that unpacks it at the same time sees all of it or nothing.
  const own = join(mkdtempSync(join(tmpdir(), 'baseload-unpacked-')), 'version.cjs');
  writeFileSync(own, brotliDecompressSync(packed));
  renameSync(own, file);
  return file;
};

export const previousVersion = (): Forms => formsIn(previousVersionFile());

/** This version, as it would be with `changes` in its sources. */
export const thisVersion = async (changes: readonly SourceChange[] = []): Promise<Forms> => {
  const plugins = [await changedSources(ROOT, changes)];
  const code = await bundleVersion({ root: ROOT, nodeModules: join(ROOT, 'node_modules'), slugs: [], plugins });
  const file = join(mkdtempSync(join(tmpdir(), 'baseload-this-version-')), 'version.cjs');
  writeFileSync(file, code);
  return formsIn(file);
};

const formsIn = (file: string): Forms => (load(file) as { readonly forms: Forms }).forms;

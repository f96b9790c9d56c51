// Owns the process of one Region: its configuration in, its ready message out, and its end when its parent is gone.
// Leaves to region/start-region.ts what runs in it.
import { readFileSync } from 'node:fs';
import type { ReadyMessage, RegionProcessConfig } from './processes.ts';
import { type RunningRegion, startRegion } from './region/start-region.ts';

/** How long a Region may take to put everything down before it is simply gone. */
const STOP_WITHIN_MS = 1_500;

// Lambda runs in UTC, and worker threads have this process's time zone.
process.env.TZ = 'UTC';

let region: RunningRegion | undefined;

const end = (): void => {
  // Still starting: nothing to put down in order, and the engine ends with this process.
  if (region === undefined) process.exit(1);
  setTimeout(() => process.exit(0), STOP_WITHIN_MS);
  region.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
process.once('disconnect', end);
process.once('SIGTERM', end);
process.once('SIGINT', end);

try {
  const configFile = process.argv[2];
  if (configFile === undefined) throw new Error('usage: region-process.ts CONFIG.json');
  region = await startRegion(JSON.parse(readFileSync(configFile, 'utf8')) as RegionProcessConfig);
  process.send?.({ kind: 'ready' } satisfies ReadyMessage);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

// Owns a Region's DynamoDB in a process of its own, so that a test can kill it: `regional-child.ts CONFIG`, says `ready` on stdout.
// Leaves to the test when it dies.
import { readFileSync } from 'node:fs';
import type { RegionProcessConfig } from '../../local/processes.ts';
import { runRegional } from './regional-fixture.ts';

await runRegional(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as RegionProcessConfig);
process.stdout.write('ready\n');

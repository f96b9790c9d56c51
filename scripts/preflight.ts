// Owns `npm run preflight [-- --config FILE]`: says before a first deployment what is missing; exit 1 when something is.
// Leaves the checks to preflight-checks.ts.
import { parseArgs } from 'node:util';
import { readConfig } from '../lib/config.ts';
import { type Finding, preflight } from './preflight-checks.ts';
import { realWorld } from './preflight-world.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok     ', missing: 'MISSING', note: 'look   ' };

// The SDK warns on Node 20, which this repository supports; nobody who reads the findings can act on it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const main = async (): Promise<number> => {
  const { values } = parseArgs({ options: { config: { type: 'string', default: 'baseload.config.json' } } });
  const config = readConfig(values.config);
  const findings = await preflight(config, realWorld(config.ownerRegion));
  const width = Math.max(...findings.map(({ where }) => where.length));
  for (const { state, where, text } of findings) console.log(`${MARKS[state]} ${where.padEnd(width)}  ${text}`);
  const count = findings.filter(({ state }) => state === 'missing').length;
  console.log(
    count === 0
      ? '\nready to deploy'
      : `\n${count} of ${findings.length} missing: nothing was changed, run it again when they are there`,
  );
  return count === 0 ? 0 : 1;
};

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

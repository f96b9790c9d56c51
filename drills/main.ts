// Owns `npm run drill` and `npm run drills`: arguments in, reports out, exit code 1 when a promise is broken.
// Leaves to conduct.ts a drill, and to reports/ what is shown of it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import colors from 'picocolors';
import { oneLine } from '../local/supervisor/start-failure.ts';
import { parseDrillArgs, usage } from './args.ts';
import { conduct } from './conduct.ts';
import { seconds } from './promises.ts';
import { page } from './reports/page.ts';
import { type DrillReport, reportOf } from './reports/report.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/all.ts';

const REPORTS = fileURLToPath(new URL('../drill-reports', import.meta.url));

// The SDK warns on Node 20, which this repository supports.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const drill = async (scenario: Scenario): Promise<DrillReport> => {
  console.log(`\n  ${colors.bold(scenario.name)}  ${scenario.hypothesis}`);
  const at = new Date();
  const startedMs = performance.now();
  const elapsed = (): string => colors.dim(seconds(performance.now() - startedMs).padStart(8));
  const recording = await conduct(scenario, (what) => console.log(`  ${elapsed()}  ${what}`));
  const report = reportOf(scenario, recording, at, performance.now() - startedMs);
  for (const { kept, measured, says } of report.promises)
    console.log(`  ${kept ? colors.green('  kept') : colors.red('broken')}  ${says}: ${measured}`);
  await writeFile(join(REPORTS, `${scenario.name}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
  await write(`${scenario.name}.html`, page([report]));
  return report;
};

const write = async (file: string, text: string): Promise<void> => {
  await writeFile(join(REPORTS, file), text);
  console.log(`  ${colors.dim('report')}  ${relative(process.cwd(), join(REPORTS, file))}`);
};

const main = async (): Promise<void> => {
  const order = parseDrillArgs(process.argv.slice(2), SCENARIOS);
  if (order.help) {
    console.log(usage(SCENARIOS));
    return;
  }
  await mkdir(REPORTS, { recursive: true });
  const reports: DrillReport[] = [];
  for (const scenario of order.scenarios) reports.push(await drill(scenario));
  if (reports.length > 1) await write('index.html', page(reports));
  if (order.jsonFile !== undefined)
    await writeFile(order.jsonFile, `${JSON.stringify(reports.length === 1 ? reports[0] : reports, undefined, 2)}\n`);
  const failed = reports.filter(({ passed }) => !passed);
  if (failed.length > 0) throw new Error(`a promise is broken: ${failed.map(({ name }) => name).join(', ')}`);
};

await main().catch((cause: unknown) => {
  process.stderr.write(`drills: ${oneLine(cause)}\n`);
  process.exitCode = 1;
});

// Owns one cold start: loads the bundle it is given, as Lambda's init does, and says what that took.
const { requireAlone } = require('../workload/require-alone.cjs');

const [, , bundle = ''] = process.argv;
const cpuBefore = process.cpuUsage();
const startedMs = performance.now();
requireAlone(bundle);
const tookMs = performance.now() - startedMs;
const { user, system } = process.cpuUsage(cpuBefore);
process.stdout.write(`\n${JSON.stringify({ tookMs, cpuMs: (user + system) / 1000 })}\n`, () => process.exit(0));

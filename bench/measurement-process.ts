// Owns the process of one measurement: run, tell the parent, end. It ends too when the parent does, and takes its engine along.
// Leaves to measurements.ts which there are.
import { MEASUREMENTS } from './measurements.ts';
import type { FromMeasurement } from './run.ts';

// The SDK warns on Node 20, which this repository supports.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const end = (): void => process.exit(1);
process.once('disconnect', end);
process.once('SIGTERM', end);
process.once('SIGINT', end);

const tell = (message: FromMeasurement): Promise<void> =>
  new Promise((resolve, reject) =>
    process.send?.(message, (error: Error | null) => (error ? reject(error) : resolve())),
  );

const [, , name] = process.argv;
const listed = MEASUREMENTS.find((one) => one.name === name);
if (listed === undefined) throw new Error(`no measurement ${name}: run.ts names one of the list`);
const measure = await listed.load();
const findings = await measure({ progress: (line) => void tell({ kind: 'progress', line }) });
await tell({ kind: 'done', findings });
process.off('disconnect', end);
process.disconnect();

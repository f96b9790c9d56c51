// Owns the process of `npm run baseload -- CMD`: arguments in, an exit code out.
// Leaves to program.ts the commands.
import { run } from './program.ts';
import { processTerminal } from './terminal.ts';

// The SDK warns on Node 20, which this repository supports; no operator can act on it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

process.exitCode = await run(process.argv.slice(2), { terminal: processTerminal(), nowMs: Date.now });

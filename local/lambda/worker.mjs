// Owns one execution environment: it loads a function's bundled asset in this thread and runs one event at a time.
// Plain JavaScript, so that a thread starts without a TypeScript loader; environment.ts owns the other end of the port.
import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { constants, getPriority, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const { assetDir, handler: handlerName, functionArn, logGroupName, logStreamName, memoryMb } = workerData;
const { niceness, clockOffset, publicPorts = {} } = workerData;

lowerPriority(niceness);
if (clockOffset !== undefined) moveDate(new BigInt64Array(clockOffset));
captureOutput();
parentPort.on('message', run);

/** Set once the module is loaded; a failure is answered to the first event, as Lambda's init errors are. */
const load = loadHandler();
load.then(
  () => parentPort.postMessage({ kind: 'ready' }),
  (error) => parentPort.postMessage({ kind: 'init-failed', error: describe(error) }),
);

async function run({ requestId, event, timeoutMs }) {
  const endsAtMs = performance.now() + timeoutMs;
  try {
    const handle = await load;
    const result = await handle(JSON.parse(event), context(requestId, endsAtMs));
    parentPort.postMessage({ kind: 'returned', payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    parentPort.postMessage({ kind: 'failed', error: describe(error) });
  }
}

function context(awsRequestId, endsAtMs) {
  return {
    awsRequestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memoryMb),
    logGroupName,
    logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(endsAtMs - performance.now())),
  };
}

async function loadHandler() {
  await leadTo(publicPorts);
  const dot = handlerName.lastIndexOf('.');
  const [modulePath, exportName] = [handlerName.slice(0, dot), handlerName.slice(dot + 1)];
  const file = ['.js', '.mjs', '.cjs'].map((extension) => join(assetDir, modulePath + extension)).find(existsSync);
  if (file === undefined)
    throw named('Runtime.ImportModuleError', `Error: Cannot find module '${modulePath}' in ${assetDir}`);
  const exported = isModule(file) ? await import(pathToFileURL(file).href) : requireAlone(file);
  const handle = exported[exportName];
  if (typeof handle !== 'function') {
    throw named('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  }
  return handle;
}

/** A function's package is a world of its own: a package.json above the asset, here this repository's, does not count. */
function isModule(file) {
  if (!file.endsWith('.js')) return file.endsWith('.mjs');
  const manifest = join(assetDir, 'package.json');
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
}

function requireAlone(file) {
  const loaded = new Module(file);
  loaded.filename = file;
  loaded.paths = Module._nodeModulePaths(dirname(file));
  loaded._compile(readFileSync(file, 'utf8'), file);
  return loaded.exports;
}

/** Of this thread alone, as nowhere but on Linux; elsewhere it would be that of the whole Region. Nothing can raise it again. */
function lowerPriority(steps) {
  if (process.platform === 'linux' && steps > 0)
    setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + steps));
}

/** As libfaketime does for a process: everything the function loads sees the clock of the run, which can be moved ahead. */
function moveDate(aheadMs) {
  const Machine = Date;
  const now = () => Machine.now() + Number(Atomics.load(aheadMs, 0));
  globalThis.Date = new Proxy(Machine, {
    construct: (target, args, asked) => Reflect.construct(target, args.length === 0 ? [now()] : args, asked),
    apply: () => new Machine(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  Machine.prototype.constructor = globalThis.Date;
}

/**
 * The network of a function, as far as its `fetch` goes: the application's public names lead to ports of this machine, without TLS.
 * Any other name is resolved as ever.
 */
async function leadTo(ports) {
  if (Object.keys(ports).length === 0) return;
  // The first request, of nothing here, puts the dispatcher of this thread into its place.
  await fetch('data:,');
  const place = Symbol.for('undici.globalDispatcher.1');
  const network = globalThis[place];
  const origin = (asked) => {
    const port = ports[new URL(asked).hostname];
    return port === undefined ? asked : `http://127.0.0.1:${port}`;
  };
  const dispatch = (options, handler) => network.dispatch({ ...options, origin: origin(options.origin) }, handler);
  globalThis[place] = new Proxy(network, {
    get: (target, name) => (name === 'dispatch' ? dispatch : Reflect.get(target, name)),
  });
}

/** Whole lines go to the parent at once: what was printed before a timeout or a crash must not be lost with the thread. */
function captureOutput() {
  for (const stream of [process.stdout, process.stderr]) {
    let rest = '';
    stream.write = (chunk, encoding, done) => {
      const lines = (rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) parentPort.postMessage({ kind: 'logged', lines });
      const callback = typeof encoding === 'function' ? encoding : done;
      if (callback !== undefined) queueMicrotask(callback);
      return true;
    };
  }
}

function named(name, message) {
  return Object.assign(new Error(message), { name });
}

function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

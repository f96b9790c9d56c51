// Owns the command line of `npm start`.
// Leaves to run.ts what the options lead to.
import { parseArgs } from 'node:util';
import { ENGINE_VARIABLE } from '../dynamodb/engine-binary.ts';
import { oneLine, StartFailure } from './start-failure.ts';

export interface StartOptions {
  /** One line of JSON on stdout when ready, logs on stderr. */
  readonly json: boolean;
  /** The first of the ports taken, one after the other; 0 takes a free block. */
  readonly portBase: number;
  /** Absent: a temporary directory, gone at the end. */
  readonly dataDir?: string;
  /** Empty the data directory first. */
  readonly fresh: boolean;
  /** A cloud assembly that `cdk synth` made before; absent: the app is synthesized. */
  readonly assembly?: string;
  readonly help: boolean;
}

export const DEFAULT_PORT_BASE = 4600;
/** No run takes more ports than this; see ports.ts. */
export const PORTS_PER_RUN = 32;

export const USAGE = `npm start -- [options]
  Synthesizes the app and runs both Regions of jurisdiction us on this machine until Ctrl-C.
  --json           one line of JSON on stdout when ready, logs on stderr
  --port-base N    first of ${PORTS_PER_RUN} ports (default ${DEFAULT_PORT_BASE}); 0 takes free ones
  --data-dir DIR   keep the data there; without it the data is temporary and gone at the end
  --fresh          empty the data directory first
  --assembly DIR   run this cloud assembly (from cdk synth) instead of synthesizing the app
  --help           this text
  ${ENGINE_VARIABLE}=FILE names another DynamoDB engine: a dynoxide binary, or DynamoDBLocal.jar (needs java)`;

/** @throws StartFailure naming the argument and what is allowed */
export const parseStartArgs = (args: readonly string[]): StartOptions => {
  const { values } = parsed(args);
  const dataDir = values['data-dir'];
  if (dataDir === '') throw new StartFailure('--data-dir needs a directory, got an empty name');
  const { assembly } = values;
  if (assembly === '') throw new StartFailure('--assembly needs a directory, got an empty name');
  return {
    json: values.json ?? false,
    portBase: portBaseFrom(values['port-base']),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(assembly === undefined ? {} : { assembly }),
    fresh: values.fresh ?? false,
    help: values.help ?? false,
  };
};

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        'port-base': { type: 'string' },
        'data-dir': { type: 'string' },
        fresh: { type: 'boolean' },
        assembly: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    const [problem] = oneLine(cause).split('. ');
    throw new StartFailure(`${problem}: npm start -- --help lists the options`);
  }
};

const portBaseFrom = (given: string | undefined): number => {
  if (given === undefined) return DEFAULT_PORT_BASE;
  const port = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN;
  const highest = 65_536 - PORTS_PER_RUN;
  if (port === 0 || (port >= 1024 && port <= highest)) return port;
  throw new StartFailure(`--port-base is 0 (free ports) or 1024 to ${highest}, got ${given}`);
};

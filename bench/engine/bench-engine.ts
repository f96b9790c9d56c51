// Owns the engine of one measurement: the one that `npm start` runs, alone, on a temporary file, with its tables made.
// Leaves to meter.ts what is counted, to the measurements what is asked.
import { join } from 'node:path';
import { startEngine } from '../../local/dynamodb/engine.ts';
import type { DynamoConnection } from '../../local/dynamodb/engine-client.ts';
import { withDirectory } from '../harness/with-directory.ts';
import { createTables } from './tables.ts';

export interface BenchEngine {
  readonly endpoint: string;
  /** Past the SDK: for filling tables. */
  readonly connection: DynamoConnection;
}

/** Runs `work` on an engine that is gone afterwards, with its data. */
export const onEngine = <T>(work: (engine: BenchEngine) => Promise<T>): Promise<T> =>
  withDirectory(async (directory) => {
    const engine = await startEngine({ dbFile: join(directory, 'engine.db'), port: 0 });
    try {
      await createTables((input) => engine.connection.must('CreateTable', input));
      return await work({ endpoint: engine.url, connection: engine.connection });
    } finally {
      await engine.stop();
    }
  });

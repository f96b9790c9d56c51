// Owns the engine of one test file with the tables of the measurements.
// Leaves to bench/engine/tables.ts which those are.
import { afterAll, beforeAll } from '@jest/globals';
import { createTables } from '../../bench/engine/tables.ts';
import { DynamoConnection } from '../../local/dynamodb/engine-client.ts';
import { type Engine, startEngine } from '../engine/start-engine.ts';

export interface BenchEngineOfThisFile {
  readonly endpoint: string;
  readonly connection: DynamoConnection;
}

/** Call it at the top of a test file; its fields are there inside of tests. */
export const benchEngineOfThisFile = (): BenchEngineOfThisFile => {
  let engine: Engine;
  let connection: DynamoConnection;
  beforeAll(async () => {
    engine = await startEngine();
    connection = new DynamoConnection(engine.endpoint);
    await createTables((input) => connection.must('CreateTable', input));
  });
  afterAll(async () => {
    connection.close();
    await engine.stop();
  });
  return {
    get endpoint() {
      return engine.endpoint;
    },
    get connection() {
      return connection;
    },
  };
};

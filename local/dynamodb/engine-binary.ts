// Owns which DynamoDB engine runs on this machine and with which arguments.
// Leaves to engine.ts its life as a child process.
import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Names another engine: a binary with dynoxide's flags, or the path of `DynamoDBLocal.jar` (which needs `java`). */
export const ENGINE_VARIABLE = 'BASELOAD_DYNAMODB_ENGINE';

export interface EngineCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Has to be there before the start. */
  readonly needsDirectory?: string;
}

/** No engine can be started here. The message is one line and says what to do. */
export class EngineUnavailable extends Error {
  override readonly name = 'EngineUnavailable';
}

const packagedBinary = (platform: string): string => {
  if (platform !== 'linux-x64') {
    throw new EngineUnavailable(
      `no DynamoDB engine is packaged for ${platform}: set ${ENGINE_VARIABLE} to a dynoxide binary or to DynamoDBLocal.jar`,
    );
  }
  try {
    const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    return join(dirname(manifest), 'dynoxide');
  } catch {
    throw new EngineUnavailable(
      `the DynamoDB engine @dynoxide/linux-x64 is not installed: run npm ci, or set ${ENGINE_VARIABLE} to a dynoxide binary or to DynamoDBLocal.jar`,
    );
  }
};

/** DynamoDB Local keeps its file in a directory of its own and listens on every interface: it has no flag for that. */
const dynamoDbLocal = (jar: string, port: number, dbFile: string): EngineCommand => {
  const dbDirectory = `${dbFile}.d`;
  const libraries = `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`;
  const args = [libraries, '-jar', jar, '-port', String(port), '-dbPath', dbDirectory, '-sharedDb'];
  return { command: 'java', args, needsDirectory: dbDirectory };
};

/**
 * The command that serves DynamoDB's protocol on `port` of 127.0.0.1 and keeps its data in `dbFile`.
 * @throws EngineUnavailable without an engine for this platform
 */
export const engineCommand = (
  port: number,
  dbFile: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform = `${process.platform}-${process.arch}`,
): EngineCommand => {
  const named = environment[ENGINE_VARIABLE];
  const binary = named ?? packagedBinary(platform);
  if (!existsSync(binary)) {
    throw new EngineUnavailable(
      named === undefined
        ? `the DynamoDB engine ${binary} is missing: run npm ci`
        : `${ENGINE_VARIABLE} names ${binary}, which does not exist: correct or unset it`,
    );
  }
  if (binary.endsWith('.jar')) return dynamoDbLocal(binary, port, dbFile);
  try {
    accessSync(binary, constants.X_OK);
  } catch {
    throw new EngineUnavailable(
      `the DynamoDB engine ${binary} is not executable: chmod +x it, or set ${ENGINE_VARIABLE}`,
    );
  }
  return { command: binary, args: ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', dbFile] };
};

import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { startEngine } from '../../local/dynamodb/engine.ts';
import { engineCommand } from '../../local/dynamodb/engine-binary.ts';
import { eventually, removeDirectory, temporaryDirectory } from './ledger-fixture.ts';

const directory = temporaryDirectory();
afterAll(() => removeDirectory(directory));

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('which engine runs', () => {
  test('dynoxide from the package, on the loopback interface, one file', () => {
    const { command, args } = engineCommand(8123, '/data/x.db', {}, 'linux-x64');
    expect(command).toMatch(/@dynoxide\/linux-x64\/dynoxide$/);
    expect(args).toEqual(['serve', '--host', '127.0.0.1', '--port', '8123', '--db-path', '/data/x.db']);
  });

  test('DynamoDB Local when the variable names its jar', () => {
    const jar = join(directory, 'DynamoDBLocal.jar');
    writeFileSync(jar, '');
    expect(engineCommand(8123, '/data/x.db', { BASELOAD_DYNAMODB_ENGINE: jar })).toEqual({
      command: 'java',
      args: [
        `-Djava.library.path=${directory}/DynamoDBLocal_lib`,
        '-jar',
        jar,
        '-port',
        '8123',
        '-dbPath',
        '/data/x.db.d',
        '-sharedDb',
      ],
      needsDirectory: '/data/x.db.d',
    });
  });

  test('another platform, a wrong path and a file that cannot run each give one line with what to do', () => {
    expect(() => engineCommand(1, 'x', {}, 'darwin-arm64')).toThrow(
      'no DynamoDB engine is packaged for darwin-arm64: set BASELOAD_DYNAMODB_ENGINE to a dynoxide binary or to DynamoDBLocal.jar',
    );
    expect(() => engineCommand(1, 'x', { BASELOAD_DYNAMODB_ENGINE: '/no/such' })).toThrow(
      'BASELOAD_DYNAMODB_ENGINE names /no/such, which does not exist: correct or unset it',
    );
    const plain = join(directory, 'plain');
    writeFileSync(plain, '', { mode: 0o644 });
    expect(() => engineCommand(1, 'x', { BASELOAD_DYNAMODB_ENGINE: plain })).toThrow(
      `the DynamoDB engine ${plain} is not executable: chmod +x it, or set BASELOAD_DYNAMODB_ENGINE`,
    );
  });
});

describe('an engine as a child', () => {
  test('is gone once it is stopped, and its data is there for the next', async () => {
    const dbFile = join(directory, 'a', 'x.db');
    const first = await startEngine({ dbFile, port: 0 });
    await first.connection.must('CreateTable', {
      TableName: 'kept',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await startEngine({ dbFile, port: 0 });
    expect(await second.connection.must('ListTables', {})).toEqual({ TableNames: ['kept'] });
    await second.stop();
  });

  test('that outlived its parent is ended by the next one on the same file', async () => {
    const dbFile = join(directory, 'b', 'x.db');
    const orphan = await startEngine({ dbFile, port: 0 });
    const parent = spawn('true');
    await new Promise((resolve) => parent.once('exit', resolve));
    writeFileSync(`${dbFile}.pid`, `${orphan.pid} ${parent.pid}`);
    const heir = await startEngine({ dbFile, port: 0 });
    await eventually('the orphan has ended', async () => !isAlive(orphan.pid));
    await heir.stop();
    await orphan.stop();
  });

  test('whose parent lives keeps its file', async () => {
    const dbFile = join(directory, 'e', 'x.db');
    const owner = await startEngine({ dbFile, port: 0 });
    await expect(startEngine({ dbFile, port: 0 })).rejects.toThrow(
      `${dbFile} is in use by process ${process.pid}: end it, or choose another data directory`,
    );
    expect(isAlive(owner.pid)).toBe(true);
    await owner.stop();
  });

  test('tells when it ends without having been asked to', async () => {
    const lines: string[] = [];
    const engine = await startEngine({
      dbFile: join(directory, 'c', 'x.db'),
      port: 0,
      onUnexpectedExit: (line) => lines.push(line),
    });
    process.kill(engine.pid, 'SIGKILL');
    await eventually('the line', async () => lines.length === 1);
    expect(lines[0]).toMatch(/^the DynamoDB engine of .*x\.db ended \(SIGKILL\)/);
    await engine.stop();
  });

  test('does not start on a port that is taken', async () => {
    mkdirSync(join(directory, 'd'));
    const holder = createServer();
    const port = await new Promise<number>((resolve) =>
      holder.listen(0, '127.0.0.1', () => resolve((holder.address() as { port: number }).port)),
    );
    await expect(startEngine({ dbFile: join(directory, 'd', 'x.db'), port })).rejects.toThrow(
      `port ${port} is in use: end what listens there, or choose another port`,
    );
    holder.close();
  });
});

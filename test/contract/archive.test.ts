import { randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readArchivedText } from '../../lambdas/adapters/archived-seal.ts';
import { MemoryArchive } from '../../lambdas/adapters/memory/archive.ts';
import { createS3Client, S3Archive } from '../../lambdas/adapters/s3/archive.ts';
import { sha256 } from '../../lambdas/domain/canonical.ts';
import { encodeSeal } from '../../lambdas/domain/seal.ts';
import { BUCKET, type S3OfTest, startLocalS3 } from '../local-units/s3/local-s3.ts';
import { archiveContract, BUCKET_OF_ACCOUNT, KEY_OF_FIRST } from './archive.contract.ts';
import { paid } from './facts.ts';
import { sealOf } from './seal-facts.ts';

/** Another implementation of S3; its credentials come from the environment. */
const OTHER_ENDPOINT = process.env.BASELOAD_S3_ENDPOINT;

describe('an archive in memory', () => {
  archiveContract(async () => {
    const archive = new MemoryArchive();
    return { archive, damage: async (key, text) => void archive.objects.set(key, text) };
  });
});

describe('an archive on S3', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  const local = async () => {
    const s3: S3OfTest = await startLocalS3();
    closing.push(() => s3.stop());
    const credentials = { accessKeyId: 'operator', secretAccessKey: 'x' };
    return { s3, options: { region: 'us-east-1', endpoint: s3.url, credentials }, bucket: BUCKET, client: s3.client() };
  };
  const other = async (endpoint: string) => {
    const client = new S3Client({ region: 'us-east-1', endpoint, forcePathStyle: true });
    closing.push(() => client.destroy());
    const bucket = `baseload-archive-${randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
    return { options: { region: 'us-east-1', endpoint }, bucket, client };
  };
  const open = async () => {
    const { options, bucket, client } = OTHER_ENDPOINT === undefined ? await local() : await other(OTHER_ENDPOINT);
    const archiving = createS3Client(options);
    closing.push(() => archiving.destroy());
    const damage = async (Key: string, Body: string) =>
      void (await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body })));
    const bytesOf = async (Key: string) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    };
    return { archive: new S3Archive(archiving, bucket), damage, bytesOf };
  };
  archiveContract(open);

  const facts = [paid('us_archived', 'b')];
  const archived = { seal: sealOf(facts), facts };

  test('the first line’s SHA-256 is the seal’s hash, then comes a line a fact, and the header of gzip holds no time', async () => {
    const { archive, bytesOf } = await open();
    await archive.put(archived);
    const bytes = await bytesOf(KEY_OF_FIRST);
    expect(bytes.subarray(4, 8)).toEqual(Buffer.alloc(4));
    const [head = '', line = '', end] = gunzipSync(bytes).toString('utf8').split('\n');
    expect(sha256(head)).toBe(encodeSeal(archived.seal).hash);
    expect(Object.keys(JSON.parse(line))).toEqual(['body', 'pk', 'sk', 'sum', 'v']);
    expect(end).toBe('');
  });

  test('the same text compressed otherwise is the same', async () => {
    const { archive, damage, bytesOf } = await open();
    await archive.put(archived);
    const text = gunzipSync(await bytesOf(KEY_OF_FIRST));
    await damage(KEY_OF_FIRST, gzipSync(text, { level: 1 }) as unknown as string);
    expect(await archive.put(archived)).toBe('present');
  });

  test('one flipped bit', async () => {
    const { s3, options } = await local();
    const client = createS3Client(options);
    closing.push(() => client.destroy());
    const archive = new S3Archive(client, BUCKET);
    await archive.put(archived);
    s3.flipBit(KEY_OF_FIRST);
    await expect(archive.read(BUCKET_OF_ACCOUNT, 1)).rejects.toThrow(
      `the archive of seal 1 of bucket ${BUCKET_OF_ACCOUNT} is corrupt: its bytes are no whole gzip file`,
    );
  });

  test('an endpoint that is away is ArchiveUnavailable', async () => {
    const credentials = { accessKeyId: 'operator', secretAccessKey: 'x' };
    const client = createS3Client({ region: 'us-east-1', endpoint: 'http://127.0.0.1:9', credentials });
    closing.push(() => client.destroy());
    await expect(new S3Archive(client, BUCKET).put(archived)).rejects.toMatchObject({
      name: 'ArchiveUnavailable',
      message: expect.stringContaining(`PutObject on ${BUCKET} failed: `),
    });
  });
});

describe('a text that is not what was put', () => {
  const facts = [paid('us_archived', 'b'), paid('us_archived', 'c')];
  const seal = sealOf(facts);
  const read = async (change: (lines: string[]) => readonly string[], ordinal = 1) => {
    const memory = new MemoryArchive();
    await memory.put({ seal, facts });
    const text = memory.objects.get(KEY_OF_FIRST) ?? '';
    return () => readArchivedText(seal.bucket, ordinal, change(text.split('\n')).join('\n'));
  };

  test.each<[string, (lines: string[]) => readonly string[], string]>([
    ['a fact is missing', (lines) => lines.toSpliced(1, 1), 'it has 1 facts, its seal says 2'],
    ['it was cut off', (lines) => lines.slice(0, 2), 'its last line has no end'],
    ['an amount was changed', (lines) => lines.map((line) => line.replace('12345', '12346')), 'its checksum'],
    ['facts stand in another order', ([a = '', b = '', c = '', d = '']) => [a, c, b, d], 'is not as the seal has it'],
    ['a line is no fact', (lines) => lines.with(2, 'x'), 'a line is no fact'],
    ['the seal is none', (lines) => lines.with(0, 'x'), 'its body is no JSON object'],
    ['the seal lost a member', (lines) => lines.with(0, (lines[0] ?? '').replace('"count":2', '"count":1')), 'form'],
  ])('%s', async (_what, change, reason) => {
    expect(await read(change)).toThrow(reason);
  });

  test('it is another seal’s', async () => {
    expect(await read((lines) => lines, 2)).toThrow(/says it is seal 1 of bucket/);
  });
});

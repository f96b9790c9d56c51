import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { PolicyStatement } from '../../../local/assembly/plan.ts';
import { BUCKET, NOON_MS, type S3OfTest, startLocalS3, TESTER } from './local-s3.ts';

const running: S3OfTest[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((s3) => s3.stop()));
});
const open = async (statements?: readonly PolicyStatement[]): Promise<S3OfTest> => {
  const s3 = await startLocalS3(statements);
  running.push(s3);
  return s3;
};
const Bucket = BUCKET;
const Key = 'facts/07/0000000001.ndjson.gz';
const put = (Body: string, more = {}) => new PutObjectCommand({ Bucket, Key, Body, ...more });
const textOf = async (s3: S3OfTest, more = {}): Promise<string | undefined> => {
  const { Body } = await s3.client().send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Body?.transformToString();
};

describe('objects', () => {
  test('come back as they were put, with the version and what holds it', async () => {
    const s3 = await open();
    const { VersionId, ETag } = await s3.client().send(put('one', { ContentType: 'text/plain' }));
    expect(await textOf(s3)).toBe('one');
    const head = await s3.client().send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({
      VersionId,
      ETag,
      ContentLength: 3,
      ContentType: 'text/plain',
      ObjectLockMode: 'GOVERNANCE',
      ObjectLockRetainUntilDate: new Date(NOON_MS + 10 * 86_400_000),
    });
  });

  test('survive the end of the process', async () => {
    const s3 = await open();
    await s3.client().send(put('one'));
    await s3.restart();
    expect(await textOf(s3)).toBe('one');
  });

  test('are put once with If-None-Match, and over one another without: the older version stays', async () => {
    const s3 = await open();
    const first = await s3.client().send(put('one', { IfNoneMatch: '*' }));
    await expect(s3.client().send(put('two', { IfNoneMatch: '*' }))).rejects.toMatchObject({
      name: 'PreconditionFailed',
      message: 'At least one of the pre-conditions you specified did not hold',
    });
    await s3.client().send(put('two'));
    expect(await textOf(s3)).toBe('two');
    expect(await textOf(s3, { VersionId: first.VersionId })).toBe('one');
  });

  test('a flipped bit is served as if nothing was wrong', async () => {
    const s3 = await open();
    await s3.client().send(put('one'));
    expect(s3.flipBit(Key)).toBe(true);
    expect(await textOf(s3)).toBe('ooe');
    expect(s3.flipBit('facts/nowhere')).toBe(false);
  });

  test('are listed in the order of keys, below a prefix and after a key, a page at a time', async () => {
    const s3 = await open();
    for (const key of ['facts/01/3', 'facts/01/1', 'facts/02/1', 'facts/01/2'])
      await s3.client().send(new PutObjectCommand({ Bucket, Key: key, Body: key }));
    const list = (more: object) =>
      s3.client().send(new ListObjectsV2Command({ Bucket, Prefix: 'facts/01/', MaxKeys: 2, ...more }));
    const page = await list({});
    expect(page.Contents?.map((object) => object.Key)).toEqual(['facts/01/1', 'facts/01/2']);
    const rest = await list({ ContinuationToken: page.NextContinuationToken });
    expect([rest.Contents?.map((object) => object.Key), rest.IsTruncated]).toEqual([['facts/01/3'], false]);
    const after = await list({ StartAfter: 'facts/01/2' });
    expect(after.Contents?.map((object) => object.Key)).toEqual(['facts/01/3']);
    expect((await list({ StartAfter: 'facts/01/9' })).Contents).toBeUndefined();
  });
});

describe('Object Lock', () => {
  test('a version cannot be deleted until its time is over; a delete without a version hides it only', async () => {
    const s3 = await open();
    const { VersionId } = await s3.client().send(put('one'));
    const remove = () => s3.client().send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    await expect(remove()).rejects.toThrow('Access Denied because object protected by object lock.');
    const { DeleteMarker } = await s3.client().send(new DeleteObjectCommand({ Bucket, Key }));
    expect(DeleteMarker).toBe(true);
    await expect(textOf(s3)).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await textOf(s3, { VersionId })).toBe('one');
    s3.clock.nowMs += 10 * 86_400_000;
    await remove();
    await expect(textOf(s3, { VersionId })).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('lifting it is not imitated, and a put needs a checksum', async () => {
    const s3 = await open();
    const { VersionId } = await s3.client().send(put('one'));
    await expect(
      s3.client().send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention: true })),
    ).rejects.toThrow('not emulated locally: DeleteObject with x-amz-bypass-governance-retention');
    const bare = await fetch(`${s3.url}/${Bucket}/${Key}`, {
      method: 'PUT',
      body: 'two',
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=operator/20261102/us-east-1/s3/aws4_request' },
    });
    expect([bare.status, await bare.text()]).toEqual([400, expect.stringContaining('<Code>InvalidRequest</Code>')]);
  });
});

describe('who may', () => {
  const objects = `arn:aws:s3:::${BUCKET}/facts/*`;
  const creates: PolicyStatement = {
    Effect: 'Allow',
    Action: ['s3:PutObject'],
    Resource: [objects],
    Condition: { Null: { 's3:if-none-match': 'false' } },
  };
  const reads: PolicyStatement = { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [objects] };

  test('only create: a put that could overwrite is refused, and so is every delete', async () => {
    const s3 = await open([creates, reads]);
    const client = s3.client(TESTER);
    await client.send(put('one', { IfNoneMatch: '*' }));
    await expect(client.send(put('two'))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(client.send(new DeleteObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(s3.denials).toEqual([
      expect.stringMatching(/s3:PutObject on resource: arn:aws:s3:::\S+ because no identity-based policy allows/),
      expect.stringMatching(/s3:DeleteObject on resource: arn:aws:s3:::\S+ because no identity-based policy allows/),
    ]);
  });

  test('who may not list does not learn whether a key is there', async () => {
    const s3 = await open([reads]);
    await expect(s3.client(TESTER).send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await expect(textOf(s3)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('nobody knows the access key', async () => {
    const s3 = await open();
    await expect(s3.client('stranger').send(put('one'))).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  });
});

describe('what is not imitated is an error', () => {
  test.each([
    [
      'another bucket',
      new PutObjectCommand({ Bucket: 'elsewhere', Key, Body: 'x' }),
      'The specified bucket does not exist',
    ],
    ['a copy', new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/x` }), 'PutObject with x-amz-copy-source'],
    ['a retention of its own', put('x', { ObjectLockLegalHoldStatus: 'ON' }), 'x-amz-object-lock-legal-hold'],
    ['a delimiter', new ListObjectsV2Command({ Bucket, Delimiter: '/' }), 'ListObjectsV2 with delimiter'],
    ['a range', new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-1' }), 'GetObject with range'],
  ])('%s', async (_what, command, message) => {
    const s3 = await open();
    // biome-ignore lint/suspicious/noExplicitAny: commands of several kinds
    await expect(s3.client().send(command as any)).rejects.toThrow(message);
  });
});

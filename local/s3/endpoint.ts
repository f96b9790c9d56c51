// Owns a Region's S3 endpoint: who may ask, and what the archive's operations answer, Object Lock and conditional puts included.
// Leaves to versions.ts the objects, to request.ts what a request asks for, to local/iam how policies are evaluated.
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { BucketPlan, RegionPlan } from '../assembly/plan.ts';
import type { Reply } from '../dynamodb/protocol.ts';
import { startWireServer, type WireServer } from '../dynamodb/wire-server.ts';
import type { RequestContext } from '../iam/conditions.ts';
import { type Guard, type GuardedEndpoint, guardOf } from '../iam/guard.ts';
import { accessDenied, noSuchKey, refusedByS3, S3Refusal, xmlReply } from './refusals.ts';
import { requestOf, type S3Request } from './request.ts';
import { crcOf, type Version, Versions } from './versions.ts';

export interface S3Options extends GuardedEndpoint {
  readonly plan: GuardedEndpoint['plan'] & Pick<RegionPlan, 'buckets'>;
  readonly dataDir: string;
  readonly port: number;
  readonly nowMs: () => number;
}

export interface LocalS3 extends WireServer {
  /** Turns one bit of the newest version. False when there is no such object. */
  flipBit(bucketName: string, key: string): boolean;
}

interface HeldBucket extends BucketPlan {
  readonly versions: Versions;
}

const MAX_KEYS = 1_000;

/** Listens on 127.0.0.1. @throws Error for a busy port or a policy that cannot be evaluated */
export const startS3 = async (options: S3Options): Promise<LocalS3> => {
  const { plan, dataDir, port, onDefect, nowMs } = options;
  const guards = guardOf(options);
  const buckets = new Map<string, HeldBucket>(
    plan.buckets.map((bucket) => [
      bucket.name,
      { ...bucket, versions: new Versions(join(dataDir, 's3', bucket.name), bucket, nowMs) },
    ]),
  );

  const guardFor = (message: IncomingMessage): Guard => {
    const guard = guards(message);
    if (guard === undefined)
      throw new S3Refusal(
        403,
        'InvalidAccessKeyId',
        'The AWS Access Key Id you provided does not exist in our records.',
      );
    return guard;
  };

  const perform = (message: IncomingMessage, raw: Buffer): Reply => {
    const guard = guardFor(message);
    const request = requestOf(message.method ?? '', message.url ?? '', message.headers);
    const bucket = buckets.get(request.bucket);
    if (bucket === undefined) throw new S3Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist');
    const resource = request.key === '' ? bucket.arn : `${bucket.arn}/${request.key}`;
    const denied = guard.refusal(actionOf(request), resource, conditionsOf(message));
    if (denied !== undefined) throw accessDenied(denied);
    switch (request.operation) {
      case 'PutObject':
        return put(bucket, request.key, message, raw);
      case 'GetObject':
      case 'HeadObject':
        return get(bucket, request, message, guard);
      case 'ListObjectsV2':
        return list(bucket, request);
      case 'DeleteObject':
        return remove(bucket, request);
    }
  };

  const server = await startWireServer(
    port,
    async (message, raw) => {
      try {
        return perform(message, raw);
      } catch (error) {
        if (error instanceof S3Refusal) return refusedByS3(error);
        throw error;
      }
    },
    onDefect,
    nowMs,
  );
  return { ...server, flipBit: (name, key) => buckets.get(name)?.versions.flipBit(key) ?? false };
};

const conditionsOf = ({ headers: { 'if-none-match': ifNoneMatch } }: IncomingMessage): RequestContext => ({
  's3:if-none-match': ifNoneMatch === undefined ? [] : [ifNoneMatch],
});

/** Source: service authorization reference, "Actions defined by Amazon S3". */
const actionOf = ({ operation, query }: S3Request): string => {
  const ofVersion = query.versionId === undefined ? '' : 'Version';
  switch (operation) {
    case 'PutObject':
      return 's3:PutObject';
    case 'GetObject':
    case 'HeadObject':
      return `s3:GetObject${ofVersion}`;
    case 'DeleteObject':
      return `s3:DeleteObject${ofVersion}`;
    case 'ListObjectsV2':
      return 's3:ListBucket';
  }
};

const empty = (status: number, headers: Readonly<Record<string, string>>): Reply => ({
  kind: 'bytes',
  status,
  headers,
  body: Buffer.alloc(0),
});

const put = (bucket: HeldBucket, key: string, { headers }: IncomingMessage, raw: Buffer): Reply => {
  const { 'if-none-match': ifNoneMatch, 'x-amz-checksum-crc32': checksum, 'content-type': contentType } = headers;
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw new S3Refusal(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented');
  if (checksum === undefined && bucket.lock !== undefined) {
    const asked = 'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock';
    throw new S3Refusal(400, 'InvalidRequest', `${asked} parameters`);
  }
  if (checksum !== undefined && checksum !== crcOf(raw))
    throw new S3Refusal(400, 'BadDigest', 'The CRC32 you specified did not match the calculated checksum.');
  const held = bucket.versions.get(key);
  if (ifNoneMatch === '*' && held !== undefined && held.isDeleteMarker === undefined) {
    throw new S3Refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  }
  const version = bucket.versions.put(key, raw, contentType ?? 'binary/octet-stream');
  return empty(200, { etag: version.etag, 'x-amz-checksum-crc32': version.crc32, ...versionHeader(bucket, version) });
};

const get = (
  bucket: HeldBucket,
  { operation, key, query }: S3Request,
  { headers }: IncomingMessage,
  guard: Guard,
): Reply => {
  const version = bucket.versions.get(key, query.versionId);
  if (version === undefined || version.isDeleteMarker !== undefined) {
    // Whether a key is there is only told to those who may list.
    throw guard.allows('s3:ListBucket', bucket.arn) ? noSuchKey() : accessDenied();
  }
  const { bytes, lockedUntilMs } = version;
  return {
    kind: 'bytes',
    status: 200,
    headers: {
      'content-type': version.contentType,
      'last-modified': new Date(version.storedAtMs).toUTCString(),
      etag: version.etag,
      ...versionHeader(bucket, version),
      ...(headers['x-amz-checksum-mode'] === 'ENABLED' ? { 'x-amz-checksum-crc32': version.crc32 } : {}),
      ...(bucket.lock === undefined || lockedUntilMs === undefined
        ? {}
        : {
            'x-amz-object-lock-mode': bucket.lock.mode,
            'x-amz-object-lock-retain-until-date': new Date(lockedUntilMs).toISOString(),
          }),
      ...(operation === 'HeadObject' ? { 'content-length': String(bytes.length) } : {}),
    },
    body: operation === 'HeadObject' ? Buffer.alloc(0) : bytes,
  };
};

const list = (bucket: HeldBucket, { query }: S3Request): Reply => {
  const { prefix = '', 'start-after': startAfter = '', 'continuation-token': token } = query;
  const most = Math.min(Number(query['max-keys'] ?? MAX_KEYS), MAX_KEYS);
  const after = token === undefined ? startAfter : Buffer.from(token, 'base64url').toString();
  const found = bucket.versions.list(prefix, after);
  const page = found.slice(0, most);
  const next = found.length > page.length ? page.at(-1)?.key : undefined;
  return xmlReply(200, {
    ListBucketResult: {
      Name: bucket.name,
      Prefix: prefix,
      KeyCount: page.length,
      MaxKeys: most,
      IsTruncated: next !== undefined,
      ...(next === undefined ? {} : { NextContinuationToken: Buffer.from(next).toString('base64url') }),
      Contents: page.map(({ key, etag, bytes, storedAtMs }) => ({
        Key: key,
        LastModified: new Date(storedAtMs).toISOString(),
        ETag: etag,
        Size: bytes.length,
      })),
    },
  });
};

const remove = (bucket: HeldBucket, { key, query: { versionId } }: S3Request): Reply => {
  if (!bucket.versioned)
    throw new S3Refusal(501, 'NotImplemented', 'not emulated locally: DeleteObject without versions');
  if (versionId === undefined) {
    const { versionId: marker } = bucket.versions.markDeleted(key);
    return empty(204, { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker });
  }
  if (!bucket.versions.remove(key, versionId))
    throw accessDenied('Access Denied because object protected by object lock.');
  return empty(204, { 'x-amz-version-id': versionId });
};

const versionHeader = ({ versioned }: BucketPlan, { versionId }: Version): Readonly<Record<string, string>> =>
  versioned ? { 'x-amz-version-id': versionId } : {};

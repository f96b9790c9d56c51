// Owns the archive bucket of a Region: one compressed object a seal, put only where there is none.
// Leaves to archived-seal.ts the text, to the bucket (lib/constructs/archive-bucket.ts) lock, versions and encryption.
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import {
  type Archive,
  type ArchivedSeal,
  ArchiveUnavailable,
  CorruptArchive,
  type PutResult,
} from '../../ports/archive.ts';
import { ARCHIVE_TIMING } from '../../shared/policies.ts';
import { archivedText, chainPrefix, objectKey, ordinalOf, readArchivedText } from '../archived-seal.ts';
import { type AwsClientOptions, awsClientConfig } from '../aws-client.ts';
import { within } from '../deadlines.ts';

/** A seal has at most 2,000 facts of a kilobyte or so: what inflates to more was not written here. */
const MAX_TEXT_BYTES = 16_000_000;

export const createS3Client = (options: AwsClientOptions): S3Client =>
  new S3Client(awsClientConfig({ ...options, timing: { ...ARCHIVE_TIMING, ...options.timing } }));

export class S3Archive implements Archive {
  constructor(
    private readonly client: S3Client,
    private readonly bucketName: string,
  ) {}

  async put(archived: ArchivedSeal): Promise<PutResult> {
    const { bucket, ordinal } = archived.seal;
    const text = archivedText(archived);
    const put = new PutObjectCommand({ ...this.#object(bucket, ordinal, text), IfNoneMatch: '*' });
    try {
      await this.#send('PutObject', (abortSignal) => this.client.send(put, { abortSignal }));
      return 'stored';
    } catch (error) {
      if (refusalOf(error) !== 'PreconditionFailed') throw error;
    }
    // Compared as text: another version of zlib may compress the same text to other bytes.
    const held = await this.#bytes(bucket, ordinal);
    return held !== undefined && inflated(held) === text ? 'present' : 'differs';
  }

  async read(bucket: number, ordinal: number): Promise<ArchivedSeal | undefined> {
    const bytes = await this.#bytes(bucket, ordinal);
    if (bytes === undefined) return undefined;
    const text = inflated(bytes);
    if (text === undefined) throw new CorruptArchive(bucket, ordinal, 'its bytes are no whole gzip file');
    return readArchivedText(bucket, ordinal, text);
  }

  async list(bucket: number, after: number, limit: number): Promise<readonly number[]> {
    const list = new ListObjectsV2Command({
      Bucket: this.bucketName,
      Prefix: chainPrefix(bucket),
      StartAfter: objectKey(bucket, after),
      MaxKeys: limit,
    });
    const { Contents = [] } = await this.#send('ListObjectsV2', (abortSignal) =>
      this.client.send(list, { abortSignal }),
    );
    return Contents.flatMap(({ Key = '' }) => ordinalOf(Key) ?? []);
  }

  async rewrite(archived: ArchivedSeal): Promise<void> {
    const { bucket, ordinal } = archived.seal;
    const put = new PutObjectCommand(this.#object(bucket, ordinal, archivedText(archived)));
    await this.#send('PutObject', (abortSignal) => this.client.send(put, { abortSignal }));
  }

  #object(bucket: number, ordinal: number, text: string) {
    return {
      Bucket: this.bucketName,
      Key: objectKey(bucket, ordinal),
      // The header holds no time.
      Body: gzipSync(text, { level: 9 }),
      ContentType: 'application/gzip',
    };
  }

  async #bytes(bucket: number, ordinal: number): Promise<Uint8Array | undefined> {
    const get = new GetObjectCommand({ Bucket: this.bucketName, Key: objectKey(bucket, ordinal) });
    try {
      return await this.#send('GetObject', async (abortSignal) => {
        const { Body } = await this.client.send(get, { abortSignal });
        return Body?.transformToByteArray();
      });
    } catch (error) {
      if (refusalOf(error) === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  async #send<T>(operation: string, send: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await within(ARCHIVE_TIMING.callDeadlineMs, send);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ArchiveUnavailable(`${operation} on ${this.bucketName} failed: ${reason}`, { cause });
    }
  }
}

/** The name of what S3 answered, such as `PreconditionFailed`; undefined for no answer. */
const refusalOf = (error: unknown): string | undefined =>
  error instanceof ArchiveUnavailable && error.cause instanceof S3ServiceException ? error.cause.name : undefined;

/** Undefined for bytes that are no whole gzip file: its own checksum is checked. */
const inflated = (bytes: Uint8Array): string | undefined => {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_TEXT_BYTES }).toString('utf8');
  } catch {
    return undefined;
  }
};

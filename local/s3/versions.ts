// Owns the objects of a Region's buckets: a file a version in its data directory, whole or not there, so that a kill loses none.
// Leaves to endpoint.ts who may ask. A lock holds what the bucket's template says it holds, by the run's clock.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { BucketPlan } from '../assembly/plan.ts';

export interface Version {
  readonly key: string;
  readonly versionId: string;
  /** With the quotes that HTTP wants. */
  readonly etag: string;
  /** base64, as S3 writes it. */
  readonly crc32: string;
  readonly contentType: string;
  readonly storedAtMs: number;
  readonly lockedUntilMs?: number;
  /** Stands for "deleted": what is before it is still there. */
  readonly isDeleteMarker?: true;
}

export interface StoredVersion extends Version {
  readonly bytes: Buffer;
}

export const crcOf = (bytes: Uint8Array): string => {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(crc32(bytes));
  return four.toString('base64');
};

const DAY_MS = 86_400_000;
const NUMBER_LENGTH = 8;

export class Versions {
  constructor(
    private readonly dir: string,
    private readonly bucket: BucketPlan,
    private readonly nowMs: () => number,
  ) {}

  put(key: string, bytes: Buffer, contentType: string): Version {
    const { lock } = this.bucket;
    return this.#add(key, bytes, {
      contentType,
      ...(lock === undefined ? {} : { lockedUntilMs: this.nowMs() + lock.days * DAY_MS }),
    });
  }

  /** The newest version, or the one that is named; undefined when there is none. */
  get(key: string, versionId?: string): StoredVersion | undefined {
    for (const file of this.#files(key).reverse()) {
      const version = read(file);
      if (versionId === undefined || version.versionId === versionId) return version;
    }
    return undefined;
  }

  /** What a delete without a version does in a bucket with versions: nothing goes. */
  markDeleted(key: string): Version {
    return this.#add(key, Buffer.alloc(0), { contentType: '', isDeleteMarker: true });
  }

  /** False while the version is locked. */
  remove(key: string, versionId: string): boolean {
    const file = this.#files(key).find((one) => read(one).versionId === versionId);
    if (file === undefined) return true;
    if ((read(file).lockedUntilMs ?? 0) > this.nowMs()) return false;
    rmSync(file);
    return true;
  }

  /** The newest version of each key below `prefix` and after `after`, in the order of keys; deleted ones left out. */
  list(prefix: string, after: string): readonly StoredVersion[] {
    if (!existsSync(this.dir)) return [];
    return readdirSync(this.dir)
      .map(decodeURIComponent)
      .filter((key) => key.startsWith(prefix) && key > after)
      .sort((a, b) => (a < b ? -1 : 1))
      .flatMap((key) => this.get(key) ?? [])
      .filter(({ isDeleteMarker }) => isDeleteMarker === undefined);
  }

  /** What no service would do: one bit of the newest version turns, and its checksums are those of the new bytes. False for no such key. */
  flipBit(key: string): boolean {
    const file = this.#files(key).at(-1);
    if (file === undefined) return false;
    const { bytes, ...version } = read(file);
    const place = Math.floor(bytes.length / 2);
    bytes.writeUInt8((bytes[place] ?? 0) ^ 1, place);
    write(file, { ...version, ...sumsOf(bytes) }, bytes);
    return true;
  }

  #add(key: string, bytes: Buffer, more: Pick<Version, 'contentType' | 'lockedUntilMs' | 'isDeleteMarker'>): Version {
    const last = this.#files(key).at(-1)?.slice(-NUMBER_LENGTH) ?? '0';
    const number = this.bucket.versioned ? Number(last) + 1 : 1;
    const version = { key, versionId: randomUUID(), storedAtMs: this.nowMs(), ...sumsOf(bytes), ...more };
    mkdirSync(this.#dirOf(key), { recursive: true });
    write(join(this.#dirOf(key), String(number).padStart(NUMBER_LENGTH, '0')), version, bytes);
    return version;
  }

  /** Oldest first. */
  #files(key: string): string[] {
    const dir = this.#dirOf(key);
    if (!existsSync(dir)) return [];
    const names = readdirSync(dir).filter((name) => /^\d+$/.test(name));
    return names.sort().map((name) => join(dir, name));
  }

  #dirOf(key: string): string {
    return join(this.dir, encodeURIComponent(key));
  }
}

const sumsOf = (bytes: Buffer) => ({
  etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
  crc32: crcOf(bytes),
});

/** A line that describes the version, then its bytes; renamed into place when it is whole. */
const write = (file: string, version: Version, bytes: Buffer): void => {
  writeFileSync(`${file}.part`, Buffer.concat([Buffer.from(`${JSON.stringify(version)}\n`), bytes]));
  renameSync(`${file}.part`, file);
};

const read = (file: string): StoredVersion => {
  const whole = readFileSync(file);
  const end = whole.indexOf('\n');
  return { ...(JSON.parse(whole.subarray(0, end).toString('utf8')) as Version), bytes: whole.subarray(end + 1) };
};

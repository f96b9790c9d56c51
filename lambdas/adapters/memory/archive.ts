// Owns the twin of the archive in memory.
// Leaves to adapters/s3 the archive that outlives its process.
import type { Archive, ArchivedSeal, PutResult } from '../../ports/archive.ts';
import { archivedText, chainPrefix, objectKey, ordinalOf, readArchivedText } from '../archived-seal.ts';

export class MemoryArchive implements Archive {
  /** Texts by object key; public, so that a test can damage one. */
  readonly objects = new Map<string, string>();

  async put(archived: ArchivedSeal): Promise<PutResult> {
    const key = objectKey(archived.seal.bucket, archived.seal.ordinal);
    const text = archivedText(archived);
    const held = this.objects.get(key);
    if (held !== undefined) return held === text ? 'present' : 'differs';
    this.objects.set(key, text);
    return 'stored';
  }

  async read(bucket: number, ordinal: number): Promise<ArchivedSeal | undefined> {
    const text = this.objects.get(objectKey(bucket, ordinal));
    return text === undefined ? undefined : readArchivedText(bucket, ordinal, text);
  }

  async list(bucket: number, after: number, limit: number): Promise<readonly number[]> {
    return [...this.objects.keys()]
      .filter((key) => key.startsWith(chainPrefix(bucket)))
      .flatMap((key) => ordinalOf(key) ?? [])
      .filter((ordinal) => ordinal > after)
      .sort((a, b) => a - b)
      .slice(0, limit);
  }

  async rewrite(archived: ArchivedSeal): Promise<void> {
    this.objects.set(objectKey(archived.seal.bucket, archived.seal.ordinal), archivedText(archived));
  }
}

// Owns an S3 endpoint for the length of one test: an archive bucket under Object Lock, a role with the rights that the test gives it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import type { PolicyStatement } from '../../../local/assembly/plan.ts';
import { authorize } from '../../../local/iam/evaluate.ts';
import { type LocalS3, startS3 } from '../../../local/s3/endpoint.ts';

export const TESTER = 'LKIATESTER';
export const BUCKET = 'baseload-us-archive-us-east-1-111111111111-g1';
/** 2026-11-02T12:00:00.000Z */
export const NOON_MS = 1_793_620_800_000;

export interface S3OfTest {
  readonly url: string;
  readonly denials: readonly string[];
  readonly clock: { nowMs: number };
  client(accessKeyId?: string): S3Client;
  flipBit(key: string): boolean;
  /** Ends it and starts it again on what it left on disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const startLocalS3 = async (statements: readonly PolicyStatement[] = []): Promise<S3OfTest> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'baseload-s3-'));
  const denials: string[] = [];
  const clients: S3Client[] = [];
  const clock = { nowMs: NOON_MS };
  const start = (): Promise<LocalS3> =>
    startS3({
      plan: {
        region: 'us-east-1',
        account: '111111111111',
        functions: [],
        roles: [{ name: 'tester', arn: 'arn:aws:iam::1:role/tester', accessKeyId: TESTER, statements }],
        buckets: [
          {
            name: BUCKET,
            arn: `arn:aws:s3:::${BUCKET}`,
            versioned: true,
            lock: { mode: 'GOVERNANCE', days: 10 },
          },
        ],
      },
      dataDir,
      port: 0,
      authorize,
      onDenied: (message) => denials.push(message),
      onDefect: (text) => console.error(text),
      nowMs: () => clock.nowMs,
    });
  let server = await start();
  return {
    get url() {
      return server.url;
    },
    denials,
    clock,
    client: (accessKeyId = 'operator') => {
      const credentials = { accessKeyId, secretAccessKey: 'x' };
      const made = new S3Client({ region: 'us-east-1', endpoint: server.url, credentials, maxAttempts: 1 });
      clients.push(made);
      return made;
    },
    flipBit: (key) => server.flipBit(BUCKET, key),
    restart: async () => {
      await server.stop();
      server = await start();
    },
    stop: async () => {
      for (const client of clients) client.destroy();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

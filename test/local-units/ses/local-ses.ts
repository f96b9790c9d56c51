// Owns an SES endpoint for the length of one test: one verified domain, a role with the rights that the test gives it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyStatement } from '../../../local/assembly/plan.ts';
import { authorize } from '../../../local/iam/evaluate.ts';
import { startSes } from '../../../local/ses/endpoint.ts';
import { readOutbox, type SentMail } from '../../../local/ses/outbox.ts';

export const TESTER = 'LKIATESTER';

export interface LocalSes {
  readonly url: string;
  readonly denials: readonly string[];
  outbox(): readonly SentMail[];
  stop(): Promise<void>;
}

export const startLocalSes = async (statements: readonly PolicyStatement[] = []): Promise<LocalSes> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'baseload-ses-'));
  const denials: string[] = [];
  const server = await startSes({
    plan: {
      region: 'us-east-1',
      account: '111111111111',
      functions: [],
      roles: [{ name: 'tester', arn: 'arn:aws:iam::1:role/tester', accessKeyId: TESTER, statements }],
      mail: { identities: ['us.example.com'], configurationSets: ['notices'] },
    },
    dataDir,
    port: 0,
    authorize,
    onDenied: (message) => denials.push(message),
    onDefect: (text) => console.error(text),
    nowMs: () => 1_793_620_800_000,
  });
  return {
    url: server.url,
    denials,
    outbox: () => readOutbox(dataDir),
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

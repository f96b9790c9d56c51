// Owns the mails that a Region has taken: a line each in its data directory, written before the answer.
// Leaves it to whoever reads them that no mail ever leaves this machine.
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { wholeLines } from '../line-file.ts';

export interface SentMail {
  readonly messageId: string;
  /** Epoch milliseconds by the run's clock. */
  readonly sentAtMs: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const FILE = 'outbox.jsonl';

export const appendMail = (dataDir: string, mail: SentMail): void => {
  mkdirSync(dataDir, { recursive: true });
  appendFileSync(join(dataDir, FILE), `${JSON.stringify(mail)}\n`);
};

/** In the order in which they were taken. */
export const readOutbox = (dataDir: string): readonly SentMail[] =>
  wholeLines(join(dataDir, FILE)).map((line) => JSON.parse(line) as SentMail);

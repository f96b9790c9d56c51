// Owns the messages that a Region's topics have taken: a line each in its data directory, the newest ones shown.
// Leaves it to whoever reads them that nobody is written to from here.
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { wholeLines } from '../line-file.ts';

export interface PublishedPage {
  readonly messageId: string;
  /** Epoch milliseconds by the run's clock. */
  readonly atMs: number;
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const FILE = 'pages.jsonl';
/** A run that pages more often than that has another problem. */
const MAX_SHOWN = 500;

export const appendPage = (dataDir: string, page: PublishedPage): void => {
  mkdirSync(dataDir, { recursive: true });
  appendFileSync(join(dataDir, FILE), `${JSON.stringify(page)}\n`);
};

/** The newest, in the order in which they were taken. */
export const readPages = (dataDir: string): readonly PublishedPage[] =>
  wholeLines(join(dataDir, FILE))
    .slice(-MAX_SHOWN)
    .map((line) => JSON.parse(line) as PublishedPage);

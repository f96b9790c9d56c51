// Owns the messages that a Region's topics have taken: a line each in its data directory, the newest ones shown.
// Leaves it to whoever reads them that nobody is written to from here.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** The newest, in the order in which they were taken; half a line left by a kill was never answered. */
export const readPages = (dataDir: string): readonly PublishedPage[] => {
  const file = join(dataDir, FILE);
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').filter(Boolean);
  return lines.slice(-MAX_SHOWN).map((line) => JSON.parse(line) as PublishedPage);
};

// Owns append-only files of lines that survive a SIGKILL of the process that writes them.
// Leaves to its users what a line says.
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';

/** Of a file that another process may be writing. Half a line was never answered for, and is left where it is. */
export const wholeLines = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];

/** A line is with the kernel before append returns. */
export class LineFile {
  private descriptor: number;

  constructor(path: string) {
    this.descriptor = openSync(path, 'a');
  }

  /** Whole lines. A torn last line, left by a full disk or a lost machine, is cut off so that nothing is written behind it. */
  static read(path: string): readonly string[] {
    if (!existsSync(path)) return [];
    const text = readFileSync(path, 'utf8');
    const lines = text.split('\n');
    const torn = lines.pop() ?? '';
    if (torn !== '') truncateSync(path, Buffer.byteLength(text) - Buffer.byteLength(torn));
    return lines;
  }

  /** Replaces the content in one step; to be called before the file is opened for appending. */
  static replace(path: string, lines: readonly string[]): void {
    writeFileSync(`${path}.new`, lines.map((line) => `${line}\n`).join(''));
    renameSync(`${path}.new`, path);
  }

  /** `text` ends with a line feed. */
  append(text: string): void {
    writeSync(this.descriptor, text);
  }

  close(): void {
    closeSync(this.descriptor);
    this.descriptor = -1;
  }
}

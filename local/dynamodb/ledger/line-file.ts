// Owns append-only files of lines that survive a SIGKILL of this process: a line is with the kernel before append returns.
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

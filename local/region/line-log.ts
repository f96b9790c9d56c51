// Owns appending lines to a log file without holding up what writes them: gathered for a moment, then written together.
// A kill loses the last moment's lines; nothing that must survive is kept in a log.
import { appendFile, appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

const GATHER_MS = 100;

export class LineLog {
  private lines: string[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
  }

  write(line: string): void {
    this.lines.push(line);
    this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  close(): void {
    clearTimeout(this.timer);
    const text = this.take();
    if (text !== '') appendFileSync(this.file, text);
  }

  private flush(): void {
    this.timer = undefined;
    appendFile(this.file, this.take(), (error) => {
      // A full disk must not take the Region down for the sake of its log.
      if (error !== null) console.error(`log ${this.file}: ${error.message}`);
    });
  }

  private take(): string {
    const text = this.lines.map((line) => `${line}\n`).join('');
    this.lines = [];
    return text;
  }
}

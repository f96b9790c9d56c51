// Owns what a human sees while a run comes up: one line a step, with its seconds, redrawn only on a terminal.
// Leaves to screen.ts what is shown once everything runs.
import type { Colors } from 'picocolors/types';

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface Progress {
  /** Shows `title` while `work` runs, then how long it took. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
}

const REDRAW_MS = 100;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

const seconds = (sinceMs: number, nowMs: number): string => `${((nowMs - sinceMs) / 1000).toFixed(1)} s`;

export const createProgress = (output: Output, colors: Colors, nowMs: () => number): Progress => ({
  step: async (title, work) => {
    const startedMs = nowMs();
    let frame = 0;
    const draw = (): void => {
      frame += 1;
      output.write(
        `\r\u001b[2K  ${colors.cyan(FRAMES[frame % FRAMES.length] ?? '')} ${title} ${colors.dim(seconds(startedMs, nowMs()))}`,
      );
    };
    const redraw = output.isTTY ? setInterval(draw, REDRAW_MS) : undefined;
    if (output.isTTY) draw();
    const finish = (mark: string): void => {
      clearInterval(redraw);
      const taken = colors.dim(seconds(startedMs, nowMs()));
      output.write(`${output.isTTY ? '\r\u001b[2K' : ''}  ${mark} ${title} ${taken}\n`);
    };
    try {
      const result = await work();
      finish(colors.green('✓'));
      return result;
    } catch (cause) {
      finish(colors.red('✗'));
      throw cause;
    }
  },
});

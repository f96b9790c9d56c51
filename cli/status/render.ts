// Owns the screen of `status`: Regions side by side, what is wrong below, at most 100 columns.
// Leaves to cells.ts what is said, and to the command the exit code.
import picocolors from 'picocolors';
import { type Cell, ROWS, type Tone } from './cells.ts';
import type { RegionStatus } from './region-status.ts';

const WIDTH = 100;
const LABELS = 14;

export interface Screen {
  readonly lines: readonly string[];
  /** One line each, with the Region and the row. */
  readonly wrong: readonly string[];
  readonly unknown: readonly string[];
}

export const screenOf = (statuses: readonly RegionStatus[], hasColours: boolean): Screen => {
  const column = Math.floor((WIDTH - LABELS) / statuses.length);
  const rows = ROWS.map(({ label, cell }) => ({ label, cells: statuses.map((status) => cell(status)) }));
  const paint = painter(hasColours);
  const head = ['', ...statuses.map(({ region }) => region)];
  const told = (tone: Tone): readonly string[] =>
    statuses.flatMap(({ region }, index) =>
      rows.flatMap(({ label, cells }) => {
        const cell = cells[index];
        return cell?.tone === tone ? [sentenceOf(region, label, cell)] : [];
      }),
    );
  return {
    lines: [
      head
        .map((text, index) => text.padEnd(index === 0 ? LABELS : column))
        .join('')
        .trimEnd(),
      ...rows.map(({ label, cells }) =>
        [label.padEnd(LABELS), ...cells.map(({ tone, text }) => paint(tone, cut(text, column - 2).padEnd(column)))]
          .join('')
          .trimEnd(),
      ),
    ],
    wrong: told('wrong'),
    unknown: told('unknown'),
  };
};

const sentenceOf = (region: string, label: string, { text, details = [] }: Cell): string =>
  `${region} ${label}: ${[text, ...details].join('; ')}`;

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);

/** Long sentences go on below, indented. */
export const wrapped = (text: string): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= WIDTH || line.trim() === '') line = longer;
    else {
      lines.push(line);
      line = `  ${word}`;
    }
  }
  return [...lines, line].flatMap((one) => one.match(new RegExp(`.{1,${WIDTH}}`, 'g')) ?? []);
};

const painter = (hasColours: boolean): ((tone: Tone, text: string) => string) => {
  const { green, red, yellow } = picocolors.createColors(hasColours);
  const by = { well: green, plain: (text: string) => text, wrong: red, unknown: yellow };
  return (tone, text) => by[tone](text);
};

// Owns how findings look as text: tables with units in their headings, targets met or not, notes.
// Leaves to JSON.stringify how they look for a program.
import { type Column, type Figure, type Findings, isMet, type Table, type Target } from './measurement.ts';

const DEFAULT_DIGITS = 2;

const numberText = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const figureText = (figure: Figure | undefined, digits = DEFAULT_DIGITS): string => {
  if (figure === undefined) return '-';
  if (typeof figure === 'number') return numberText(figure, digits);
  const { median, lowerQuartile, upperQuartile } = figure;
  return `${numberText(median, digits)} (${numberText(lowerQuartile, digits)}–${numberText(upperQuartile, digits)})`;
};

const tableText = ({ title, columns, rows }: Table): string => {
  const first: Column = { key: 'name', heading: title };
  const lines = [
    [first, ...columns].map(({ heading }) => heading),
    ...rows.map(({ name, figures }) => [name, ...columns.map(({ key, digits }) => figureText(figures[key], digits))]),
  ];
  const widths = [first, ...columns].map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const padded = lines.map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
  );
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [header = [], ...body] = padded;
  return [header, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};

const targetText = (target: Target): string => {
  const { what, measured, bound } = target;
  const wanted = 'atLeast' in bound ? `at least ${bound.atLeast}` : `at most ${bound.atMost}`;
  return `${isMet(target) ? 'met' : 'NOT MET'}: ${what}: ${numberText(measured, DEFAULT_DIGITS)}, wanted ${wanted}`;
};

/** Markdown, so that a run can be copied into the docs as it is. */
export const findingsText = (name: string, { tables, targets, notes }: Findings): string =>
  [
    `## ${name}`,
    ...tables.map(tableText),
    ...(targets.length === 0 ? [] : [targets.map((target) => `- ${targetText(target)}`).join('\n')]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')]),
  ].join('\n\n');

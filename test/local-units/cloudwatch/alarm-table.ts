// Owns the page docs/alarms.md: a row for each alarm, by tier.

import { TIERS } from '../../../lib/alarms/areas.ts';
import type { AlarmEntry } from '../../../lib/alarms/registry.ts';

export interface AlarmRow extends AlarmEntry {
  readonly fault: string;
  /** Seconds. */
  readonly fires: number;
  readonly clears: number;
  /** Undefined where silence is fine. */
  readonly silent: number | undefined;
}

const HEAD = `# How long each alarm takes

Measured on virtual time with the alarms of the synthesized templates (\`test/local-units/cloudwatch/template-alarms.test.ts\`), which
fails when one takes longer than its periods say, or has no row. Written by \`npm run alarm-table\`.

A fault begins with a minute, after time in which all was well, and ends when the alarm rings. A minute is judged five seconds after
its end; on AWS it may take a minute longer. Seconds are those until the alarm changes: whom that tells, and who is held back while a
Region is lost, is [D18](decisions/D18-who-speaks-for-an-alarm.md). What is counted only when it happens clears later than its periods say:
CloudWatch takes the points there are from a range that is two periods longer.
`;

export const tableOf = (rows: readonly AlarmRow[]): string =>
  [
    HEAD,
    ...TIERS.map((tier) =>
      [`## ${tier}`, '', ...aligned([TITLES, ...rows.filter((row) => row.tier === tier).map(cellsOf)]), ''].join('\n'),
    ),
  ].join('\n');

const TITLES = ['alarm', 'fault', 'seconds to fire', 'seconds to clear', 'when nothing is measured'];
const NUMBERS = [2, 3];

const cellsOf = ({ slug, fault, fires, clears, silent }: AlarmRow): readonly string[] => [
  `[${slug}](runbooks/${slug}.md)`,
  fault,
  String(fires),
  String(clears),
  silent === undefined ? 'quiet' : `fires after ${silent}`,
];

/** As the formatter would: the first row is the head. */
const aligned = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = TITLES.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = (row: readonly string[]): readonly string[] =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return NUMBERS.includes(column) ? cell.padStart(width) : cell.padEnd(width);
    });
  const rule = widths.map((width, column) =>
    NUMBERS.includes(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  const [head = [], ...body] = rows.map(padded);
  return [lineOf(head), lineOf(rule), ...body.map(lineOf)];
};

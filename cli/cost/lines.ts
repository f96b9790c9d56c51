// Owns a line of a bill, and how it is written down.
// Leaves to idle.ts and payments.ts what stands in it.

export interface CostLine {
  readonly name: string;
  /** What it comes from. */
  readonly from: string;
  /** US dollars. */
  readonly usd: number;
}

export const line = (name: string, usd: number, from: readonly string[]): CostLine => ({
  name,
  from: from.join('; '),
  usd,
});

/** `8.4 M`, `350 k` or `12`. */
export const counted = (units: number): string => {
  if (units >= 1e6) return `${(units / 1e6).toFixed(1)} M`;
  return units >= 1e4 ? `${Math.round(units / 1e3)} k` : String(Math.round(units));
};

export const totalOf = (lines: readonly CostLine[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);

/** A table in Markdown, which reads as well on a terminal; the sum stands below. */
export const tableOf = (head: string, lines: readonly CostLine[]): readonly string[] => {
  const rows = [
    [head, 'from', 'USD'],
    ...lines.map(({ name, from, usd }) => [name, from, usd.toFixed(2)]),
    ['**sum**', '', `**${totalOf(lines).toFixed(2)}**`],
  ] as const;
  const [names = 0, froms = 0, sums = 0] = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const written = rows.map(
    ([name = '', from = '', usd = '']) => `| ${name.padEnd(names)} | ${from.padEnd(froms)} | ${usd.padStart(sums)} |`,
  );
  const rule = `| ${'-'.repeat(names)} | ${'-'.repeat(froms)} | ${'-'.repeat(sums - 1)}: |`;
  return [...written.slice(0, 1), rule, ...written.slice(1)];
};

// The contrast of every pair of colours that the page puts on each other, by WCAG 2.2: 4.5 for text, 3 for what only shows where things are.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const CSS = readFileSync(new URL('../../../local/control-room/page/tokens.css', import.meta.url), 'utf8');
const TOKENS = [...CSS.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)];

const ON_EVERY_GROUND = ['ink', 'quiet', 'first', 'second', 'good', 'warn', 'bad'];
const TEXT: readonly (readonly [string, string])[] = [
  ...ON_EVERY_GROUND.flatMap((name) => [[name, 'ground'] as const, [name, 'card'] as const]),
  ['ink', 'good-ground'],
  ['ink', 'warn-ground'],
  ['ink', 'bad-ground'],
  ['bad', 'bad-ground'],
  ['quiet', 'bad-ground'],
  ['on-fill', 'good'],
];
const SHAPES = [
  ['edge', 'card'],
  ['edge', 'ground'],
] as const;

/** WCAG 2.2, "relative luminance". */
const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** WCAG 2.2, "contrast ratio". */
const contrast = (one: string, other: string): number => {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
};

test('the formula gives what WCAG names', () => {
  expect(contrast('#ffffff', '#000000')).toBe(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe.each([
  ['light', 2],
  ['dark', 3],
] as const)('%s', (_scheme, column) => {
  const colours = new Map(TOKENS.map((token) => [token[1], token[column] ?? '']));
  const of = (name: string): string => {
    const colour = colours.get(name);
    if (colour === undefined) throw new Error(`no colour --${name} in tokens.css`);
    return colour;
  };

  test.each(TEXT)('%s on %s can be read', (text, ground) => {
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(SHAPES)('%s on %s can be seen', (shape, ground) => {
    expect(contrast(of(shape), of(ground))).toBeGreaterThanOrEqual(3);
  });
});

test.each(['page.css', 'map.css', 'panels.css'])('%s has no colour of its own', (file) => {
  const css = readFileSync(new URL(`../../../local/control-room/page/${file}`, import.meta.url), 'utf8');
  expect(css.match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|light-dark)\(/gi)).toBeNull();
});

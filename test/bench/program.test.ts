import { expect, test } from '@jest/globals';
import { readCommandLine } from '../../bench/program.ts';

test('without options everything is measured', () => {
  expect(readCommandLine([])).toEqual({ kind: 'run', options: { only: [] } });
});

test('names may be repeated, and a file takes the figures', () => {
  expect(readCommandLine(['--only', 'payment', '--only', 'rating', '--json', 'out.json'])).toEqual({
    kind: 'run',
    options: { only: ['payment', 'rating'], json: 'out.json' },
  });
});

test('a name that is none is refused with those there are', () => {
  expect(readCommandLine(['--only', 'paymnt'])).toEqual({
    kind: 'wrong',
    problem:
      "option '--only <name>' argument 'paymnt' is invalid. Allowed choices are payment, lookup, growth, cold-start, replay, rating, simulation, local-stack.",
  });
});

test('a mistyped option and a stray word are refused', () => {
  expect(readCommandLine(['--jsn', 'x'])).toEqual({ kind: 'wrong', problem: "unknown option '--jsn': see --help" });
  expect(readCommandLine(['payment'])).toMatchObject({ kind: 'wrong' });
});

test('help names every measurement', () => {
  const told = readCommandLine(['--help']);
  expect(told).toMatchObject({ kind: 'told', text: expect.stringContaining('--json <file>') });
  expect(told).toMatchObject({ text: expect.stringMatching(/\n {2}payment +the payment path/) });
});

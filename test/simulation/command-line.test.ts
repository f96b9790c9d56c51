// Owns the proof that a wrong command line is answered with one line, and what is meant where little is said.
import { describe, expect, test } from '@jest/globals';
import { readCommandLine } from '../../simulation/command-line.ts';

describe('the command line of the simulation', () => {
  test.each([
    [[], { seeds: 100, mutants: false, trace: false }],
    [['--seed', '7'], { seed: 7, seeds: 1, mutants: false, trace: false }],
    [
      ['--seeds', '5', '--seed', '7', '--json', 'out.json'],
      { seed: 7, seeds: 5, json: 'out.json', mutants: false, trace: false },
    ],
    [['--seconds', '180'], { seconds: 180, seeds: 1_000_000, mutants: false, trace: false }],
    [['--seed', '7', '--seconds', '180'], { seed: 7, seconds: 180, seeds: 1_000_000, mutants: false, trace: false }],
    [['--mutants'], { seeds: 200, mutants: true, trace: false }],
  ])('%j', (args, asked) => {
    expect(readCommandLine(args)).toEqual({ kind: 'asked', asked });
  });

  test.each([
    [['--sedes', '5'], "unknown option '--sedes' (Did you mean --seeds?)"],
    [['--seeds', 'many'], "option '--seeds <n>' argument 'many' is invalid. must be a whole number from 1 to 1000000."],
    [['--seeds', '0'], "option '--seeds <n>' argument '0' is invalid. must be a whole number from 1 to 1000000."],
    [['--seeds', '2', '--trace'], '--trace is of one run: give it one --seed'],
    [['fast'], 'too many arguments. Expected 0 arguments but got 1.'],
  ])('%j is refused', (args, problem) => {
    expect(readCommandLine(args)).toEqual({ kind: 'wrong', problem });
  });

  test('tells what it can do', () => {
    expect(readCommandLine(['--help'])).toMatchObject({ kind: 'done', text: expect.stringContaining('--mutants') });
  });
});

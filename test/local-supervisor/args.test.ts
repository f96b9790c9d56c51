import { describe, expect, test } from '@jest/globals';
import { parseStartArgs } from '../../local/supervisor/args.ts';

describe('the arguments of npm start', () => {
  test('have defaults', () => {
    expect(parseStartArgs([])).toEqual({ json: false, portBase: 4600, fresh: false, help: false });
  });

  test('are taken as given', () => {
    expect(parseStartArgs(['--json', '--port-base', '0', '--data-dir', 'd', '--fresh', '--help'])).toEqual({
      json: true,
      portBase: 0,
      dataDir: 'd',
      fresh: true,
      help: true,
    });
    expect(parseStartArgs(['--port-base=65504']).portBase).toBe(65_504);
  });

  test.each([
    [['--jsn'], "Unknown option '--jsn': npm start -- --help lists the options"],
    [['extra'], "Unexpected argument 'extra': npm start -- --help lists the options"],
    [['--data-dir', ''], '--data-dir needs a directory, got an empty name'],
    [['--port-base', '80'], '--port-base is 0 (free ports) or 1024 to 65504, got 80'],
    [['--port-base', '65505'], '--port-base is 0 (free ports) or 1024 to 65504, got 65505'],
    [['--port-base', '4600.5'], '--port-base is 0 (free ports) or 1024 to 65504, got 4600.5'],
    [['--port-base', 'x'], '--port-base is 0 (free ports) or 1024 to 65504, got x'],
  ])('%j is one clear line', (args, message) => {
    expect(() => parseStartArgs(args)).toThrow(new Error(message));
  });

  test('an option without its value is named', () => {
    expect(() => parseStartArgs(['--port-base'])).toThrow(
      "Option '--port-base <value>' argument missing: npm start -- --help lists the options",
    );
  });
});

import { expect, test } from '@jest/globals';
import { parseDrillArgs } from '../../drills/args.ts';
import { SCENARIOS } from '../../drills/scenarios/all.ts';

const parse = (...args: readonly string[]) => parseDrillArgs(args, SCENARIOS);
const names = SCENARIOS.map(({ name }) => name).join(', ');

test('one by its name, or all', () => {
  expect(parse('partition', '--json', 'out.json')).toMatchObject({
    scenarios: [{ name: 'partition' }],
    jsonFile: 'out.json',
  });
  expect(parse('--all').scenarios).toBe(SCENARIOS);
});

test.each([
  [['regoin-loss'], `no drill regoin-loss: there are ${names}`],
  [[], `npm run drill -- NAME needs a name: there are ${names}`],
  [['partition', 'bit-rot'], 'one drill at a time, got partition bit-rot: npm run drills runs all'],
  [['--all', 'partition'], 'npm run drills takes no name, got partition: npm run drill -- NAME runs one'],
  [['--josn', 'x'], "Unknown option '--josn': npm run drill -- --help lists the options"],
  [['partition', '--json', ''], '--json needs a file, got an empty name'],
])('%j is refused in one line', (args, message) => {
  expect(() => parse(...args)).toThrow(message);
});

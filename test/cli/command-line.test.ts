// Owns the proof that a wrong command line is answered by one line that says what was wrong and what is allowed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { announcedRuns, announceRun } from '../../local/announced-runs.ts';
import { ended } from '../processes/ended.ts';
import { baseload, startTwoRegions, type TwoRegions } from './two-regions.ts';

const QUEUES = 'Allowed choices are intake, bill-runs, settlements, notices, archive.';
const COMMANDS = 'status, redrive, reconcile, verify, repair, replay, evacuate, readmit, deploy, cost';
const HELP = 'add --help to see what is allowed';

let regions: TwoRegions;
let stateDir = '';
beforeAll(async () => {
  regions = await startTwoRegions();
  stateDir = mkdtempSync(join(tmpdir(), 'baseload-state-'));
});
afterAll(async () => {
  await regions.stop();
  rmSync(stateDir, { recursive: true });
});

describe('a wrong command line', () => {
  test.each([
    [[], `no command, there is ${COMMANDS}`],
    [['redrvie'], `unknown command 'redrvie', there is ${COMMANDS}`],
    [['redrive'], `missing required argument 'queue': ${HELP}`],
    [['redrive', 'setlements'], `command-argument value 'setlements' is invalid for argument 'queue'. ${QUEUES}`],
    [['redrive', 'settlements', '--fast'], `unknown option '--fast': ${HELP}`],
    [
      ['redrive', 'settlements', '--target', 'azure'],
      "option '--target <target>' argument 'azure' is invalid. Allowed choices are local, aws.",
    ],
    [
      ['redrive', 'settlements', '--per-second', '501'],
      "option '--per-second <n>' argument '501' is invalid. It is a whole number from 1 to 500.",
    ],
    [['redrive', 'settlements', '--control', 'here'], '--control is a URL like http://127.0.0.1:4601, got here'],
    [
      ['redrive', 'settlements', '--target', 'aws', '--config', 'no.json'],
      'config file no.json cannot be read: name one that is there (npx cdk … -c config=FILE, npm run preflight -- --config FILE)',
    ],
    [
      ['redrive', 'settlements', '--target', 'aws', '--region', 'eu-west-1'],
      'Region eu-west-1 is not there: name one of us-east-1, us-west-2',
    ],
  ])('%j', async (args, line) => {
    expect(await baseload(args)).toEqual({ code: 2, printed: [], noted: [`baseload: ${line}`], asked: [] });
  });

  test('a Region that is not of the run', async () => {
    const args = ['redrive', 'settlements', '--control', regions.control, '--region', 'us-east-2'];
    expect(await baseload(args)).toMatchObject({
      code: 2,
      noted: ['baseload: Region us-east-2 is not there: name one of us-east-1, us-west-2'],
    });
  });

  test('--help is none', async () => {
    const { code, printed, noted } = await baseload(['redrive', '--help']);
    expect([code, noted]).toEqual([0, []]);
    expect(printed.join('\n')).toContain('"intake", "bill-runs",');
  });
});

describe('the run on this machine', () => {
  const env = () => ({ XDG_STATE_HOME: stateDir });
  const runsDir = () => join(stateDir, 'baseload', 'runs');
  afterEach(() => rmSync(join(stateDir, 'baseload'), { recursive: true, force: true }));

  test('is found while its process is there, and only then', () => {
    expect(announcedRuns(env())).toEqual([]);
    const forget = announceRun('http://127.0.0.1:4601', env());
    // No process has this id: beyond what Linux gives.
    writeFileSync(join(runsDir(), '99999999.json'), '{"control":"http://127.0.0.1:1"}');
    expect(announcedRuns(env())).toEqual(['http://127.0.0.1:4601']);
    forget();
    expect(announcedRuns(env())).toEqual([]);
  });

  test('a home that cannot be written does not keep a run from starting', () => {
    writeFileSync(join(stateDir, 'file'), '');
    expect(() => announceRun('http://127.0.0.1:4601', { XDG_STATE_HOME: join(stateDir, 'file') })()).not.toThrow();
  });

  const spawned = (...args: readonly string[]) =>
    ended('cli/main.ts', args, {
      // As an operator's shell is: without what this test's own start has set.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: undefined,
      ...env(),
    });

  test('none, one, and several', async () => {
    expect(await spawned('redrive', 'settlements')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'baseload: no Baseload runs here: start one with npm start, or name AWS with --target aws\n',
    });
    announceRun(regions.control, env());
    await regions.giveUp('us-east-1', ['poison']);
    expect(await spawned('redrive', 'settlements')).toEqual({
      code: 2,
      stdout: expect.stringContaining('us-east-1  1 in the dead-letter queue of settlements'),
      stderr:
        'baseload: Move 1 back to settlements, 10 a second in each Region? Nobody is here to ask: add --yes, or --dry-run to look\n',
    });
    mkdirSync(runsDir(), { recursive: true });
    writeFileSync(join(runsDir(), '1.json'), '{"control":"http://127.0.0.1:9"}');
    expect(await spawned('redrive', 'settlements')).toEqual({
      code: 2,
      stdout: '',
      stderr: `baseload: several Baseloads run here: name one with --control, of http://127.0.0.1:9, ${regions.control}\n`,
    });
  }, 60_000);

  test('one that does not answer', async () => {
    expect(await baseload(['redrive', 'settlements', '--control', 'http://127.0.0.1:9'])).toMatchObject({
      code: 1,
      noted: [
        expect.stringMatching(
          /^baseload: no Baseload answers at http:\/\/127\.0\.0\.1:9 \(.+\): see what npm start says of control$/,
        ),
      ],
    });
  });
});

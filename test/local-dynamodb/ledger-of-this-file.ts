// Owns a ledger for the length of one test file.
// Leaves to ledger-fixture.ts how one runs: that file also serves processes which are no tests.
import { afterAll, beforeAll } from '@jest/globals';
import type { LedgerOptions } from '../../local/dynamodb/ledger/start-ledger.ts';
import { type RunningLedger, removeDirectory, runLedger, temporaryDirectory } from './ledger-fixture.ts';

/** One ledger for all tests of a file, started and removed with it; it may be used inside of tests. */
export const ledgerOfThisFile = (options: LedgerOptions = {}): RunningLedger => {
  const dataDir = temporaryDirectory();
  let started: RunningLedger | undefined;
  const running = (): RunningLedger => {
    if (started === undefined) throw new Error('the ledger is only there inside of tests');
    return started;
  };
  beforeAll(async () => {
    started = await runLedger(dataDir, options);
  });
  afterAll(async () => {
    await started?.stop();
    removeDirectory(dataDir);
  });
  return {
    get ledger() {
      return running().ledger;
    },
    get east() {
      return running().east;
    },
    get west() {
      return running().west;
    },
    get streams() {
      return running().streams;
    },
    state: () => running().state(),
    change: (region, change) => running().change(region, change),
    fault: (fault) => running().fault(fault),
    stop: () => running().stop(),
  };
};

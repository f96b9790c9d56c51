// Owns the ledger's process: reads its configuration, says when it is ready, ends with its parent.
// Leaves to dynamodb/ledger everything it does.
import { readFileSync } from 'node:fs';
import { type Ledger, startLedger } from './dynamodb/ledger/start-ledger.ts';
import type { LedgerProcessConfig, ReadyMessage } from './processes.ts';

const configFile = process.argv[2];
let ledger: Ledger | undefined;

const end = async (code: number): Promise<never> => {
  await ledger?.stop();
  process.exit(code);
};

const fail = (line: string): void => {
  process.stderr.write(`ledger: ${line}\n`);
  void end(1);
};

process.once('disconnect', () => void end(0));
process.once('SIGTERM', () => void end(0));
process.once('SIGINT', () => void end(0));

if (configFile === undefined) {
  fail('name its configuration file: ledger-process.ts FILE');
} else {
  try {
    const config = JSON.parse(readFileSync(configFile, 'utf8')) as LedgerProcessConfig;
    ledger = await startLedger(config, {
      onEngineExit: fail,
      onDefect: (line) => process.stderr.write(`ledger: ${line}\n`),
    });
    process.send?.({ kind: 'ready' } satisfies ReadyMessage);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

// Owns `replay` and the names of what can be rebuilt by it.
// Leaves to replay-view.ts and replay-ledger.ts the rebuilding.
import type { Command } from 'commander';
import type { Surroundings } from '../surroundings.ts';
import { addReplayLedger } from './replay-ledger.ts';
import { addReplayView } from './replay-view.ts';

export const addReplay = (program: Command, around: Surroundings): void => {
  const replay = program.command('replay').description("rebuild a Region's view, or the whole ledger in a new table");
  addReplayView(replay, around);
  addReplayLedger(replay, around);
};

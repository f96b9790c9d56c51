// Owns writers that race for the ordinals of one stream: each reads, decides on what it read then, puts, and starts over when it lost.
// Leaves to the tests the commands and what must hold after every put.
import type { Command } from '../../lambdas/domain/commands.ts';
import { decide } from '../../lambdas/domain/decide.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';

interface Writer {
  readonly commands: Command[];
  /** What was there when it read; stale as soon as another writer puts. */
  read?: readonly Fact[];
}

/**
 * The stream that is left. `turns` names writers by number, one read or one put each; afterwards every writer finishes, by turns.
 * A put takes an ordinal only when it is free, as the ledger's conditional write does.
 */
export const race = (
  commandsOf: readonly (readonly Command[])[],
  turns: readonly number[],
  check: (stream: readonly Fact[]) => void,
): readonly Fact[] => {
  const stored = new Map<number, Fact>();
  const writers: Writer[] = commandsOf.map((commands) => ({ commands: [...commands] }));
  const current = () => [...stored.values()];

  const turn = (writer: Writer): void => {
    const [command] = writer.commands;
    if (command === undefined) return;
    if (writer.read === undefined) {
      writer.read = current();
      return;
    }
    const decision = decide(writer.read, command);
    delete writer.read;
    if (decision.kind === 'append') {
      if (stored.has(decision.fact.ordinal)) return;
      stored.set(decision.fact.ordinal, decision.fact);
      check(current());
    }
    writer.commands.shift();
  };

  for (const index of turns) turn(writers[index % writers.length] as Writer);
  // Whoever puts next wins, so every round ends at least one command.
  const boundRounds = 2 * writers.reduce((sum, { commands }) => sum + commands.length, 0) + 2;
  for (let round = 0; round < boundRounds; round++) for (const writer of writers) turn(writer);
  if (writers.some(({ commands }) => commands.length > 0))
    throw new Error('a writer lost every race: none may starve all');
  return current();
};

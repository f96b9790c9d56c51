// Owns the drill of a Region whose clock is wrong: it must not stamp money with it for long.
import { clockAhead } from '../faults/clock.ts';
import { isLedTo } from '../pair/conditions.ts';
import { MONEY, waitsUnder } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

const AHEAD_MS = 5_000;

export const clockSkew: Scenario = {
  name: 'clock-skew',
  hypothesis: `The hosts of the Region that payers are led to are ${AHEAD_MS / 1000} s ahead of DynamoDB's clock. Its /health finds out by the Date of DynamoDB's answers, DNS leads payers to the other Region, and every balance is right.`,
  blastRadius: 'The times that functions of one Region see.',
  abortAfterSilenceMs: 30_000,
  play: async (stage) => {
    const ahead = clockAhead(stage.home, AHEAD_MS);
    await stage.begin(ahead);
    await stage.until('DNS answers with the other Region', () => isLedTo(stage.baseload, stage.away), 60_000);
    await stage.until('payers are served by it', () => stage.served(), 30_000);
    await stage.end(ahead);
    await stage.steady();
  },
  promises: [...MONEY, waitsUnder('library', 2_000), waitsUnder('dns', 6_000)],
};

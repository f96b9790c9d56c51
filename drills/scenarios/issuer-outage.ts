// Owns the drill of an issuer of tokens that is away: who has a token pays on, who has none is not let in, whatever a Region knows.
import { issuerAway } from '../faults/issuer.ts';
import { MONEY, NOBODY_NOTICES, noRefusalSinceHealed, staysHome } from '../promises.ts';
import { restart } from '../restart.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';

const LASTS_MS = 15_000;
const ACCOUNT = 'us_drill-0';

interface Tokens {
  readonly good: string;
  /** What one says, signed for another. */
  readonly forged: string;
}

const tokensOf = async ({ baseload }: Stage): Promise<Tokens> => {
  const good = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:read' });
  const other = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:operate' });
  const [header, , signature] = good.split('.');
  return { good, forged: [header, other.split('.')[1], signature].join('.') };
};

/** What the Region answers to a lookup with the token. */
const answerTo = async ({ baseload }: Stage, region: string, token?: string): Promise<number> =>
  (await baseload.region(region, 'GET', `/v1/accounts/${ACCOUNT}`, token === undefined ? {} : { token })).status;

const letsIn = async (stage: Stage, region: string, tokens: Tokens, expected: number): Promise<void> => {
  const { good, forged } = tokens;
  const [whole, changed, none] = [
    await answerTo(stage, region, good),
    await answerTo(stage, region, forged),
    await answerTo(stage, region),
  ];
  stage.mustBe(
    whole === expected && changed === 401 && none === 401,
    `${region} answers a good token ${whole}, a forged one ${changed}, none ${none}`,
  );
};

export const issuerOutage: Scenario = {
  name: 'issuer-outage',
  hypothesis:
    'The issuer of tokens is away. API Gateway has its keys: payers with tokens notice nothing. A Region that starts meanwhile has none and lets nobody in, with 401, until the issuer is back.',
  blastRadius:
    'Whoever needs a new token, and a Region that has no keys. Keys that were fetched two hours before are gone.',
  abortAfterSilenceMs: 20_000,
  play: async (stage) => {
    const { baseload, home, away } = stage;
    const tokens = await tokensOf(stage);
    await stage.begin(issuerAway);
    await stage.lasts(LASTS_MS);
    const refused = await baseload.control('GET', '/dev/token');
    stage.mustBe(refused.status !== 200, 'nobody gets a new token');
    await letsIn(stage, home, tokens, 200);

    await restart(stage, away);
    await letsIn(stage, away, tokens, 401);
    await letsIn(stage, home, tokens, 200);

    await stage.end(issuerAway);
    await letsIn(stage, away, tokens, 200);
    await stage.steady();
  },
  promises: [...MONEY, ...NOBODY_NOTICES, staysHome, noRefusalSinceHealed],
};

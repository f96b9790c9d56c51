// Owns the drill of a certificate that is not renewed: somebody is told while it is still good, and told when it is put right.
import { renewalStopped } from '../faults/certificate.ts';
import { moveClock } from '../pair/own-run.ts';
import { MONEY, NOBODY_NOTICES, staysHome } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

const ALARM = 'certificate-expiry';
const DAY_MS = 86_400_000;
/** Of the 198 of a certificate; ACM renews when 45 are left, and the alarm rings below 30. */
const AGED_DAYS = 169;
const LASTS_MS = 5_000;
const MOST_MINUTES = 15;

export const certificateExpiry: Scenario = {
  name: 'certificate-expiry',
  hypothesis: `ACM does not renew the certificate of one Region. ${AGED_DAYS} days on, with 29 left, the alarm of that Region rings, that of the other does not, and it is silent a day after the renewal.`,
  blastRadius: 'Nobody yet. In 29 days no client would connect to that Region, and health checks would not notice.',
  abortAfterSilenceMs: 20_000,
  play: async (stage) => {
    const { baseload, home } = stage;
    const stopped = renewalStopped(home);
    await stage.begin(stopped);
    await stage.lasts(LASTS_MS);
    await stage.payersLeave();
    await moveClock(baseload, AGED_DAYS * DAY_MS);
    await stage.rings(ALARM, home, MOST_MINUTES);
    await stage.end(stopped);
    await moveClock(baseload, DAY_MS);
    await stage.fallsSilent(ALARM, home, MOST_MINUTES);
  },
  promises: [
    ...MONEY,
    ...NOBODY_NOTICES,
    staysHome,
    {
      says: 'The alarm of that Region alone rings',
      keeps: ({ alarms }) => {
        const regions = alarms.filter(({ slug }) => slug === ALARM).map(({ region }) => region);
        return { kept: regions.length === 1, measured: regions.join(', ') || 'none' };
      },
    },
  ],
};

// Owns the drill of a version that should not have been deployed: few payers meet it, and nobody has to take it back.
import { badVersion, deploymentsOf } from '../faults/deployment.ts';
import { isRinging } from '../pair/conditions.ts';
import { fewerFailThan, MONEY, neverRefused, seconds, staysHome, waitsUnder } from '../promises.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';

const MINUTE_MS = 60_000;
const MOST_MINUTES = 5;
const BEGINNING_MS = 5_000;

/** Of the fails, every other one comes after the payment stands in the ledger: its payer gets no answer and asks again. */
const HALF_FAILS = `
let calls = 0;
exports.handler = async (event, context) => {
  calls += 1;
  if (calls % 4 === 1) throw new Error('a bad version, before the payment');
  const answer = await real.handler(event, context);
  if (calls % 4 === 3) throw new Error('a bad version, after the payment');
  return answer;
};`;

/** Two deployments, the bad one and its rollback, are as CodeDeploy tells of them. */
const lookAtIt = async (stage: Stage): Promise<void> => {
  const [bad, rollback] = await deploymentsOf(stage.baseload, stage.home);
  stage.mustBe(
    bad?.creator === 'user' && bad.from === '1' && bad.to === '2' && bad.error?.code === 'ALARM_ACTIVE',
    'version 2 was stopped by an alarm',
  );
  stage.mustBe(
    bad?.error?.message.endsWith('Activated alarms: baseload-us-payments-errors-P1') === true,
    'the alarm was payments-errors, and no other',
  );
  stage.mustBe(
    rollback?.creator === 'codeDeployRollback' &&
      rollback.status === 'Succeeded' &&
      rollback.from === '2' &&
      rollback.to === '1',
    'CodeDeploy went back to version 1 by itself',
  );
  const { byOld, byNew } = bad?.taken ?? { byOld: 0, byNew: 0 };
  const share = ((100 * byNew) / (byOld + byNew)).toFixed(2);
  // It did harm, or nothing is shown.
  stage.mustBe(byNew > 1, `${byNew} of ${byOld + byNew} calls met it (${share} %)`);
};

export const badDeploy: Scenario = {
  name: 'bad-deploy',
  hypothesis:
    'A version of payments that fails half its calls is deployed behind the canary’s 1 %. Its alarm takes it back within five minutes without anybody’s help; fewer than 1 % of requests fail, and whoever met it is paid once.',
  blastRadius: 'One payment in a hundred of one Region, until the alarm has judged a minute.',
  // So that a hundredth of a minute's payments are several.
  paymentsPerSecond: 3,
  abortAfterSilenceMs: 20_000,
  play: async (stage) => {
    const { baseload, home } = stage;
    // At the beginning of a minute, so that the alarm judges one with many calls.
    await stage.until(
      'a minute has begun',
      async () => (await baseload.state()).clock.nowMs % MINUTE_MS < BEGINNING_MS,
      MINUTE_MS,
    );
    stage.mustBe(!(await isRinging(baseload, 'payments-errors', home)), 'payments-errors does not ring');
    const bad = badVersion(`version 2 of payments fails half its calls in ${home}`, home, 'payments', HALF_FAILS);
    const [realMs, { clock }] = [Date.now(), await baseload.state()];
    await stage.begin(bad);
    await stage.until(
      'it is taken back',
      async () => (await deploymentsOf(baseload, home))[0]?.status === 'Stopped',
      MOST_MINUTES * MINUTE_MS,
    );
    const [tookMs, runMs] = [Date.now() - realMs, (await baseload.state()).clock.nowMs - clock.nowMs];
    stage.mustBe(
      runMs < MOST_MINUTES * MINUTE_MS,
      `that took ${seconds(tookMs)}, ${seconds(runMs)} by the run's clock (factor ${(runMs / tookMs).toFixed(1)})`,
    );
    await stage.end(bad);
    await stage.payersLeave();
    await lookAtIt(stage);
    await stage.rings('deployment-rolled-back', home, 3);
  },
  promises: [
    ...MONEY,
    fewerFailThan(0.01),
    neverRefused('library'),
    waitsUnder('dns', 3_000),
    waitsUnder('library', 2_000),
    staysHome,
  ],
};

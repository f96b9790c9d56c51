// Owns how any drill goes: a pair of Regions of its own, payers, steady state, the scenario, everything put right, the audit.
// Leaves to the scenario what goes wrong, and to measure.ts the figures.
import { oneLine } from '../local/supervisor/start-failure.ts';
import { openAccounts } from './auditor/auditor.ts';
import { find } from './auditor/find.ts';
import { OpenLoad } from './load/open-load.ts';
import { payersOf } from './load/payers.ts';
import { Observation } from './observation.ts';
import { startChanged } from './pair/changed-assembly.ts';
import { Harness } from './pair/harness.ts';
import { settled } from './pair/settled.ts';
import { warmUp } from './pair/warm-up.ts';
import type { Findings, Recording, Routing } from './recording.ts';
import { PAYMENTS_PER_SECOND, type Scenario } from './scenario.ts';
import { Stage } from './stage.ts';
import { measureWriteLatency } from './write-latency.ts';

/** So many that all payers together stay far below the limit of each. */
const ACCOUNTS = Array.from({ length: 24 }, (_, n) => `us_drill-${n}`);
const GRACE_MS = 30_000;

export const conduct = async (scenario: Scenario, say: (what: string) => void): Promise<Recording> => {
  const changed = scenario.change === undefined ? undefined : await startChanged(scenario.change);
  const baseload = changed?.baseload ?? (await Harness.start());
  try {
    return await onPair(baseload, scenario, say);
  } finally {
    await (changed === undefined ? baseload.stop() : changed.end());
  }
};

const onPair = async (baseload: Harness, scenario: Scenario, say: (what: string) => void): Promise<Recording> => {
  await settled(baseload);
  await openAccounts(baseload, ACCOUNTS);
  const [home = '', away = ''] = baseload.regionNames;
  const token = await baseload.token({ accounts: ACCOUNTS, scope: 'billing:pay billing:read' });
  await warmUp(baseload);
  const writeLatency = await measureWriteLatency(baseload, home);
  const routing = { ...(await routingOf(baseload)), failsAfterMs: scenario.healthFailsAfterMs ?? 0 };
  const payers = await payersOf(baseload, token);

  const breaking = new AbortController();
  const fromMs = Date.now();
  const load = new OpenLoad({
    payers,
    accounts: ACCOUNTS,
    perSecond: scenario.paymentsPerSecond ?? PAYMENTS_PER_SECOND,
  });
  const stage = new Stage({ baseload, load, home, away, broken: breaking.signal, say });
  const observation = new Observation(baseload, () => {
    const silentMs = load.silentMs(Date.now());
    if (silentMs > scenario.abortAfterSilenceMs && !breaking.signal.aborted)
      breaking.abort(new Error(`no payer was acknowledged for ${Math.round(silentMs / 1000)} s`));
  });
  say('payers arrive');
  let broken: string | undefined;
  let findings: Findings | undefined;
  /** What fails breaks the drill off; what is to be put right and found is so all the same. */
  const orBroken = (work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => {
      broken ??= oneLine(error);
      say(`broken off: ${oneLine(error)}`);
    });
  await orBroken(async () => {
    await stage.steady();
    await scenario.play(stage);
  });
  await orBroken(() => stage.endAll());
  await load.stop(GRACE_MS);
  const untilMs = Date.now();
  say('auditing');
  await orBroken(async () => {
    findings = await find(baseload, load.arrivals, await stage.audit(home));
  });
  await observation.stop();
  return {
    regionNames: baseload.regionNames,
    home,
    routing,
    writeLatency,
    fromMs,
    untilMs,
    arrivals: load.arrivals,
    refusals: load.refusals,
    samples: observation.samples.filter(({ atMs }) => atMs <= untilMs),
    bands: stage.bands,
    marks: stage.marks,
    rpoFacts: stage.rpoFacts,
    ...(findings === undefined ? {} : { findings }),
    ...(broken === undefined ? {} : { broken }),
  };
};

/** What the templates say of DNS failover. */
const routingOf = async (baseload: Harness): Promise<Omit<Routing, 'failsAfterMs'>> => {
  const { healthChecks } = await baseload.wiring();
  const check = healthChecks.find((candidate) => candidate.kind === 'endpoint' && candidate.path === '/health');
  if (check?.kind !== 'endpoint') throw new Error('no health check of /health in the templates');
  const { requestIntervalSeconds, failureThreshold } = check;
  const { dns } = await baseload.state();
  return { requestIntervalSeconds, failureThreshold, ttlSeconds: dns.ttlSeconds };
};

// Owns what the page says of the run in words: how a Region is, who takes payments, what lies on a queue.
// Leaves to the panels where it stands; a colour only repeats what is said.
import type { ControlState, QueueState, RegionState } from '../../control/state.ts';
import type { AuditReport, CorruptionReport, FloodReport, Live } from '../live.ts';
import { counted, duration, whole } from './numbers.ts';

export type Mood = 'good' | 'warn' | 'bad';

export interface Said {
  readonly words: string;
  readonly mood: Mood;
}

export const takesPart = ({ process, network }: RegionState): boolean => process === 'up' && network === 'connected';

export const regionStatus = (region: RegionState): Said => {
  if (region.process === 'down') return { words: 'Killed', mood: 'bad' };
  if (region.network === 'isolated') return { words: 'Cut off', mood: 'bad' };
  if (region.evacuated) return { words: 'Evacuated', mood: 'warn' };
  if (region.health === 'unhealthy') return { words: 'Up, not yet healthy', mood: 'warn' };
  return { words: 'Serving', mood: 'good' };
};

/** A write needs two of the three: a replica and the witness are enough. */
export const quorum = (regions: ControlState['regions']): Said => {
  const replicas = Object.values(regions).filter(takesPart).length;
  const all = Object.keys(regions).length + 1;
  if (replicas === 0) return { words: 'no quorum: no payment can be accepted', mood: 'bad' };
  const words = `${replicas + 1} of ${all} members agree on each payment`;
  return { words, mood: replicas + 1 === all ? 'good' : 'warn' };
};

/** For somebody who reads nothing else. */
export const verdict = ({ state, audit, traffic }: Live): Said => {
  if (audit.lost + audit.doubled > 0)
    return {
      words: `${whole(audit.lost)} lost and ${whole(audit.doubled)} doubled: a promise is broken.`,
      mood: 'bad',
    };
  if (state === undefined) return { words: 'The ledger process does not answer.', mood: 'bad' };
  const { words, mood } = ofRegions(state, traffic);
  const ringing = state.alarms.filter((alarm) => alarm.tier === 'P0' && alarm.state === 'ALARM').length;
  if (ringing === 0) return { words, mood };
  return {
    words: `${words} ${counted(ringing, 'P0 alarm rings', 'P0 alarms ring')}.`,
    mood: mood === 'good' ? 'warn' : mood,
  };
};

const ofRegions = ({ regions, dns }: ControlState, traffic: Live['traffic']): Said => {
  const hurt = Object.entries(regions)
    .map(([name, region]) => ({ name, said: regionStatus(region) }))
    .filter(({ said }) => said.mood !== 'good');
  const { answer } = dns;
  if (hurt.length === 0)
    return { words: `Both Regions serve. DNS leads payers to ${answer ?? 'nobody'}.`, mood: 'good' };
  const who = hurt.map(({ name, said }) => `${name}: ${said.words.toLowerCase()}`).join('; ');
  const answering = answer === null ? undefined : regions[answer];
  if (answering === undefined || !Object.values(regions).some(takesPart))
    return { words: `${who}. No Region can take payments.`, mood: 'bad' };
  if (!takesPart(answering))
    return { words: `${who}. DNS still leads payers there: they fail until health checks have seen it.`, mood: 'bad' };
  const areOnTheWay = Object.entries(traffic.regions).some(
    ([name, { failedPerSecond }]) => name !== answer && failedPerSecond > 0,
  );
  const meanwhile = areOnTheWay ? `they follow within its TTL, ${dns.ttlSeconds} s` : 'payments go on';
  return { words: `${who}. DNS leads payers to ${answer}: ${meanwhile}.`, mood: 'warn' };
};

export const auditWords = ({ begun, acknowledged, checked, oldestLookMs, trouble }: AuditReport): string => {
  if (begun === 0) return 'Start the payers: every receipt they get is looked up in the ledger, past the application.';
  if (trouble !== null) return `The ledger could not be read: ${trouble}.`;
  const looked = `${whole(checked)} of ${counted(acknowledged, 'receipt')} looked up in the ledger, past the application`;
  return oldestLookMs === null ? `${looked}.` : `${looked}; every account within the last ${duration(oldestLookMs)}.`;
};

export const queueWords = ({ visible, inFlight, delayed, oldestAgeMs, dlq }: QueueState): string => {
  const parts = [
    ...(visible > 0 ? [`${whole(visible)} waiting`] : []),
    ...(inFlight > 0 ? [`${whole(inFlight)} in flight`] : []),
    ...(delayed > 0 ? [`${whole(delayed)} delayed`] : []),
    ...(visible + inFlight + delayed > 0 ? [`oldest ${duration(oldestAgeMs)}`] : []),
    ...(dlq > 0 ? [`${counted(dlq, 'dead letter')}`] : []),
  ];
  return parts.length === 0 ? 'empty' : parts.join(', ');
};

export const floodWords = (flood: FloodReport): string => {
  const { running, perSecond, lastsSeconds, sent, accepted, refused, failed } = flood;
  if (sent === 0 && !running)
    return `One account pays ${perSecond} times a second for ${lastsSeconds} s: it is refused, nobody else is.`;
  const so = `${counted(sent, 'payment')} sent: ${whole(accepted)} accepted, ${whole(refused)} refused, ${whole(failed)} failed`;
  return running ? `Under way. ${so}.` : `Over. ${so}.`;
};

export const corruptionWords = (corruption: CorruptionReport | null, nowMs: number): string => {
  if (corruption === null) return 'One bit of a stored amount turns. Nobody tells the scrubbers.';
  const { where, region, key, sinceMs, mendedAfterMs } = corruption;
  const what = `${key.slice(2, 14)}… in the ${where === 'view' ? `view of ${region}` : 'ledger'}`;
  if (mendedAfterMs === null) return `${what} has been wrong for ${duration(nowMs - sinceMs)}; waiting for a scrubber.`;
  return `${what} was put right by a scrubber after ${duration(mendedAfterMs)}.`;
};

export const poisonWords = (poison: Live['poison']): string => {
  if (poison.length === 0) return 'A message that no worker can read, on the queue of settlements.';
  const where = poison.map(
    ({ region, queue, messages }) => `${counted(messages, 'poison message')} on ${queue} of ${region}`,
  );
  return `${where.join('; ')}. Others are settled around it; after 5 receives, half an hour, it is a dead letter.`;
};

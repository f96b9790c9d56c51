// Owns what a Green Button file delivers: which usage point each block belongs to, which type its values have, its readings.
// Leaves to read-feed.ts the XML, to reading-type.ts units, to local-clock.ts days.
import { CATALOG_ID, CATALOG_ID_RULE } from '../../domain/ids.ts';
import { energyOf, isPlausibleTime, MAX_DURATION_SECONDS } from '../../domain/readings/bounds.ts';
import { isNegative, magnitude } from '../../domain/readings/decimal.ts';
import {
  type DeliveredInterval,
  type Delivery,
  type Rejection,
  refuseDelivery,
} from '../../domain/readings/delivery.ts';
import { type Quality, qualityRank } from '../../domain/readings/interval.ts';
import { TOTAL } from '../../domain/readings/meter-day.ts';
import type { EspiReading, EspiResource } from './espi-feed.ts';
import { type LocalClock, localClock, UTC_CLOCK } from './local-clock.ts';
import { readFeed } from './read-feed.ts';
import { type SeriesType, seriesType } from './reading-type.ts';

/** @throws DeliveryRefused when the file is none, or does not say whose readings it holds or in which unit */
export const parseEspi = (bytes: Buffer): Delivery => {
  const resources = readFeed(bytes);
  const ofKind = (kind: string) => resources.filter((resource) => resource.kind === kind);
  const blocks = ofKind('IntervalBlock');
  if (blocks.length === 0) refuseDelivery(1, 'IntervalBlock', 'the file holds no readings');
  const clock = clockFor(ofKind('LocalTimeParameters'), blocks);
  const feed: Feed = { types: ofKind('ReadingType'), meterReadings: ofKind('MeterReading'), clock };
  const intervals: DeliveredInterval[] = [];
  const rejected = new Map<string, Rejection>();
  for (const block of blocks) {
    const type = seriesType(typeOf(block, feed));
    if ('problem' in type) {
      // One type stands for many blocks and is reported once.
      rejected.set(`${type.problem.line} ${type.problem.field}`, type.problem);
      continue;
    }
    const meterId = usagePointOf(block);
    for (const reading of block.readings) {
      const interval = intervalOf(reading, meterId, type, clock);
      if ('reason' in interval) rejected.set(`${interval.line}`, interval);
      else intervals.push(interval);
    }
  }
  return { intervals, rejected: [...rejected.values()], universalIds: uuidsOf(ofKind('UsagePoint')) };
};

interface Feed {
  readonly types: readonly EspiResource[];
  readonly meterReadings: readonly EspiResource[];
  readonly clock: LocalClock;
}

const clockFor = (parameters: readonly EspiResource[], blocks: readonly EspiResource[]): LocalClock => {
  const [first, ...others] = parameters;
  if (first === undefined) return UTC_CLOCK;
  const said = (one: EspiResource) => JSON.stringify([...one.fields].map(([name, { text }]) => [name, text]));
  const other = others.find((one) => said(one) !== said(first));
  if (other !== undefined) refuseDelivery(other.line, 'LocalTimeParameters', `contradict line ${first.line}`);
  const startsMs = blocks.flatMap(({ readings }) => {
    const startMs = Number(readings[0]?.fields.get('start')?.text) * 1000;
    return isPlausibleTime(startMs) ? [startMs] : [];
  });
  return localClock(first.fields, startsMs);
};

/** `…/MeterReading/01/IntervalBlock/7` belongs to the reading `…/MeterReading/01`, whose related links name its type. */
const typeOf = (block: EspiResource, { types, meterReadings }: Feed): EspiResource => {
  const series = /^(.*\/MeterReading\/[^/]+)\/IntervalBlock(?:\/|$)/.exec(block.self)?.[1];
  const related = meterReadings.find(({ self }) => series !== undefined && self === series)?.related ?? [];
  const linked = types.filter(({ self }) => related.includes(self));
  // A feed of one type needs no links.
  const [type, ...others] = linked.length > 0 ? linked : types;
  if (type === undefined)
    return refuseDelivery(block.line, 'ReadingType', 'is missing: the unit of the values is not known');
  if (others.length > 0)
    return refuseDelivery(block.line, 'ReadingType', 'is not unique: the unit of the values is not known');
  return type;
};

/** The last part of the usage point's address: `…/UsagePoint/01/…`. */
const usagePointOf = ({ self, line }: EspiResource): string => {
  const id = /\/UsagePoint\/([^/]+)\//.exec(self)?.[1];
  if (id === undefined) return refuseDelivery(line, 'UsagePoint', 'the self link of the block names no usage point');
  if (!CATALOG_ID.test(id)) return refuseDelivery(line, 'UsagePoint', CATALOG_ID_RULE);
  return id;
};

/** Addresses are numbered by their publisher: `UsagePoint/1` is another home at another one, its entry's UUID is not. */
const uuidsOf = (usagePoints: readonly EspiResource[]): ReadonlyMap<string, string> => {
  const uuids = new Map<string, string>();
  for (const { id, self } of usagePoints) {
    const point = /\/UsagePoint\/([^/]+)\/?$/.exec(self)?.[1];
    const uuid = /^urn:uuid:([0-9A-Za-z-]{32,36})$/.exec(id)?.[1];
    if (point !== undefined && uuid !== undefined) uuids.set(point, uuid.toLowerCase());
  }
  return uuids;
};

/** REQ.21, `QualityOfReading`: 7 edited by hand, 8 and 9 estimated, 10 questionable, 11 derived, 12 forecast, 13 mixed. */
const QUALITIES: Readonly<Record<string, Quality>> = {
  7: 'substituted',
  8: 'estimated',
  9: 'estimated',
  10: 'estimated',
  11: 'substituted',
  12: 'estimated',
  13: 'estimated',
};

const qualityOf = (codes: readonly string[]): Quality =>
  codes
    .map((code) => QUALITIES[code] ?? 'actual')
    .reduce<Quality>((worst, next) => (qualityRank(next) < qualityRank(worst) ? next : worst), 'actual');

const intervalOf = (
  { line, fields, qualities }: EspiReading,
  meterId: string,
  { power, flow, net, intervalSeconds }: SeriesType,
  clock: LocalClock,
): DeliveredInterval | Rejection => {
  const at = (field: string, reason: string): Rejection => ({ line: fields.get(field)?.line ?? line, field, reason });
  const startMs = Number(fields.get('start')?.text) * 1000;
  if (!Number.isInteger(startMs) || !isPlausibleTime(startMs)) return at('start', 'must be seconds since 1970');
  const durationSeconds = Number(fields.get('duration')?.text ?? intervalSeconds);
  if (!Number.isInteger(durationSeconds) || durationSeconds < 1 || durationSeconds > MAX_DURATION_SECONDS) {
    return at('duration', `must be 1 to ${MAX_DURATION_SECONDS} seconds: a reading of more than a day is no interval`);
  }
  const energy = energyOf(fields.get('value')?.text ?? '', power, durationSeconds, net || flow === 'export');
  if ('problem' in energy) return at('value', energy.problem);
  return {
    line,
    meterId,
    register: flow === 'export' ? 'reverse' : TOTAL,
    flow,
    date: clock.dateOf(startMs),
    startMs,
    durationSeconds,
    wh: flow === 'export' && isNegative(energy.wh) ? magnitude(energy.wh) : energy.wh,
    quality: qualityOf(qualities),
  };
};

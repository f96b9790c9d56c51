// Owns what an ESPI ReadingType makes of its values: unit, power of ten, direction, or why they are no energy per interval.
// Leaves to espi-delivery.ts the values.
import type { Rejection } from '../../domain/readings/delivery.ts';
import type { Flow } from '../../domain/readings/meter-day.ts';
import type { EspiResource } from './espi-feed.ts';

export interface SeriesType {
  /** One unit of the values is 10^`power` watt hours. */
  readonly power: number;
  readonly flow: Flow;
  /** The values are what was taken less what was fed in. */
  readonly net: boolean;
  /** Of a reading that does not say it, seconds. */
  readonly intervalSeconds: number | undefined;
}

/** REQ.21, `UnitSymbolKind`. */
const WATT_HOURS = '72';
/** `AccumulationKind` of values that are no amount of their own interval: bulk, cumulative, indicating, instantaneous. */
const NOT_PER_INTERVAL = new Set(['1', '2', '3', '6', '12']);
/** `FlowDirectionKind`: 1 forward, 19 reverse, 4 net, 0 none said. */
const [REVERSE, NET, UNSAID] = ['19', '4', '0'];
const DIRECTIONS: ReadonlySet<string> = new Set(['1', '4', '0', '19']);

export const seriesType = ({ fields, line }: EspiResource): SeriesType | { readonly problem: Rejection } => {
  const value = (name: string, otherwise: string): string => fields.get(name)?.text ?? otherwise;
  const problem = (field: string, reason: string) => ({
    problem: { line: fields.get(field)?.line ?? line, field, reason },
  });
  if (value('uom', '') !== WATT_HOURS)
    return problem('uom', 'must be 72, watt hours: nothing else is billed from readings');
  const power = Number(value('powerOfTenMultiplier', '0'));
  if (!Number.isInteger(power) || power < -9 || power > 9) {
    return problem('powerOfTenMultiplier', 'must be an integer from -9 to 9');
  }
  if (NOT_PER_INTERVAL.has(value('accumulationBehaviour', '4'))) {
    return problem('accumulationBehaviour', 'must be 4, deltaData: values that accumulate are no intervals');
  }
  const direction = value('flowDirection', UNSAID);
  if (!DIRECTIONS.has(direction)) return problem('flowDirection', 'must be 1 (forward), 19 (reverse) or 4 (net)');
  const length = Number(fields.get('intervalLength')?.text);
  return {
    power,
    flow: direction === REVERSE ? 'export' : 'import',
    net: direction === NET || direction === UNSAID,
    intervalSeconds: Number.isInteger(length) && length > 0 ? length : undefined,
  };
};

// Owns what metric math comes to over one window of periods: scalars, time series with gaps, lists of them.
// Leaves to math-expression.ts how it is written. Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics".
import type { Query } from './alarm-plan.ts';
import { type Expression, type Operator, parseMath } from './math-expression.ts';

/** One value a period, the oldest first; undefined where there is none. */
export type Series = readonly (number | undefined)[];

type Value =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'series'; readonly series: Series }
  | { readonly kind: 'list'; readonly all: readonly Series[] };

interface Names {
  readonly valueOf: (id: string) => Value;
  /** Of the metrics, expressions left out: what `METRICS()` gives. */
  readonly metrics: () => readonly Series[];
}

/**
 * The series of the query `returned`; `metric` gives those of the metrics.
 * @throws Error for math that is not known here, naming the id and the expression
 */
export const evaluateQueries = (
  queries: readonly Query[],
  returned: string,
  metric: (id: string) => Series,
): Series => {
  const result = queryValue(returned, queries, metric, []);
  if (result.kind !== 'series') throw new Error(`${returned} is a ${result.kind}, and an alarm needs one time series`);
  return result.series;
};

const queryValue = (
  id: string,
  queries: readonly Query[],
  metric: (id: string) => Series,
  above: readonly string[],
): Value => {
  const query = queries.find((one) => one.id === id);
  if (query === undefined) throw new Error(`${id} is no metric and no expression of the alarm`);
  if (query.kind === 'metric') return { kind: 'series', series: metric(id) };
  if (above.includes(id)) throw new Error(`${[...above, id].join(' → ')} goes in a circle`);
  const names: Names = {
    valueOf: (other) => queryValue(other, queries, metric, [...above, id]),
    metrics: () => queries.filter((one) => one.kind === 'metric').map((one) => metric(one.id)),
  };
  try {
    return evaluate(parseMath(query.expression), names);
  } catch (cause) {
    // An inner expression has named itself already.
    if (above.length > 0) throw cause;
    throw new Error(`expression ${id}, ${query.expression}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
};

const evaluate = (expression: Expression, names: Names): Value => {
  switch (expression.kind) {
    case 'number':
      return { kind: 'scalar', value: expression.value };
    case 'id':
      return names.valueOf(expression.id);
    case 'list':
      return { kind: 'list', all: expression.items.flatMap((item) => seriesOf(evaluate(item, names))) };
    case 'negative':
      return combine({ kind: 'scalar', value: 0 }, evaluate(expression.of, names), OPERATORS['-']);
    case 'binary':
      return combine(
        evaluate(expression.left, names),
        evaluate(expression.right, names),
        OPERATORS[expression.operator],
      );
    case 'call':
      return call(expression.name, expression.arguments, names);
  }
};

const truth = (is: boolean): number => (is ? 1 : 0);
const OPERATORS: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '<': (left, right) => truth(left < right),
  '<=': (left, right) => truth(left <= right),
  '>': (left, right) => truth(left > right),
  '>=': (left, right) => truth(left >= right),
  '==': (left, right) => truth(left === right),
  '!=': (left, right) => truth(left !== right),
  '&&': (left, right) => truth(left !== 0 && right !== 0),
  '||': (left, right) => truth(left !== 0 || right !== 0),
};

/** A point that one side lacks, or that is no number (a division by zero), is a gap. */
const combine = (left: Value, right: Value, operate: (left: number, right: number) => number): Value => {
  if (left.kind === 'list' || right.kind === 'list') throw new Error('an operator between lists is not known here');
  if (left.kind === 'scalar' && right.kind === 'scalar')
    return { kind: 'scalar', value: operate(left.value, right.value) };
  const length = left.kind === 'series' ? left.series.length : right.kind === 'series' ? right.series.length : 0;
  return {
    kind: 'series',
    series: Array.from({ length }, (_, index) => {
      const one = pointOf(left, index);
      const other = pointOf(right, index);
      if (one === undefined || other === undefined) return undefined;
      const result = operate(one, other);
      return Number.isFinite(result) ? result : undefined;
    }),
  };
};

const pointOf = (value: Value, index: number): number | undefined => {
  if (value.kind === 'list') throw new Error('a list of time series stands where one is needed');
  return value.kind === 'scalar' ? value.value : value.series[index];
};

const seriesOf = (value: Value): readonly Series[] => {
  if (value.kind === 'scalar') throw new Error('a number stands where a time series is needed');
  return value.kind === 'series' ? [value.series] : value.all;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const AGGREGATES: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: sum,
  AVG: (values) => sum(values) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};

const call = (name: string, given: readonly Expression[], names: Names): Value => {
  const aggregate = AGGREGATES[name];
  if (aggregate !== undefined) return aggregated(evaluate(argument(name, given, 0, 1), names), aggregate);
  switch (name) {
    case 'METRICS':
      if (given.length > 0) throw new Error('METRICS with a filter is not known here');
      return { kind: 'list', all: names.metrics() };
    case 'FILL':
      return filled(evaluate(argument(name, given, 0, 2), names), argument(name, given, 1, 2), names);
    case 'IF':
      return chosen(evaluate(argument(name, given, 0, 3), names), given, names);
    default:
      throw new Error(`${name} is not known here`);
  }
};

const argument = (name: string, given: readonly Expression[], index: number, atMost: number): Expression => {
  const found = given[index];
  if (found === undefined || given.length > atMost)
    throw new Error(`${name} takes ${atMost} argument(s), got ${given.length}`);
  return found;
};

/** Of a list: period by period, over what is there. Of one time series: a scalar over all its points. */
const aggregated = (value: Value, aggregate: (values: readonly number[]) => number): Value => {
  if (value.kind === 'scalar') throw new Error('a number stands where time series are needed');
  if (value.kind === 'series') return { kind: 'scalar', value: aggregate(present(value.series)) };
  const length = value.all[0]?.length ?? 0;
  return {
    kind: 'series',
    series: Array.from({ length }, (_, index) => {
      const there = present(value.all.map((series) => series[index]));
      return there.length === 0 ? undefined : aggregate(there);
    }),
  };
};

const present = (series: Series): readonly number[] => series.filter((point) => point !== undefined);

/** With a number, or with the last value before the gap. */
const filled = (value: Value, filler: Expression, names: Names): Value => {
  const repeats = filler.kind === 'id' && filler.id === 'REPEAT';
  const other = repeats ? undefined : evaluate(filler, names);
  const fill = (series: Series): Series => {
    let last: number | undefined;
    return series.map((point, index) => {
      last = point ?? last;
      return point ?? (other === undefined ? last : pointOf(other, index));
    });
  };
  if (value.kind === 'scalar') throw new Error('FILL needs a time series, got a number');
  return value.kind === 'series'
    ? { kind: 'series', series: fill(value.series) }
    : { kind: 'list', all: value.all.map(fill) };
};

/** Where the condition is a gap or chooses one, there is no point. */
const chosen = (condition: Value, given: readonly Expression[], names: Names): Value => {
  const then = evaluate(argument('IF', given, 1, 3), names);
  const otherwise = given[2] === undefined ? undefined : evaluate(given[2], names);
  if (condition.kind === 'list') throw new Error('IF needs one time series or a number as its condition');
  if (condition.kind === 'scalar') {
    const taken = condition.value === 0 ? otherwise : then;
    if (taken === undefined) throw new Error('IF with a number as its condition needs both values');
    return taken;
  }
  return {
    kind: 'series',
    series: condition.series.map((point, index) => {
      const taken = point === 0 ? otherwise : then;
      return point === undefined || taken === undefined ? undefined : pointOf(taken, index);
    }),
  };
};

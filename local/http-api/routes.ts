// Owns which route a request is for. The app uses `METHOD /path/{parameter}` only; any other form of key is an error.
import type { RoutePlan } from '../assembly/plan.ts';

export interface RouteMatch<R> {
  readonly route: R;
  /** Decoded; undefined when the route has none. */
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

interface Candidate<R> {
  readonly route: R;
  /** A literal, or the name of a parameter. */
  readonly segments: readonly ({ readonly literal: string } | { readonly parameter: string })[];
}

const ROUTE_KEY = /^([A-Z]+) (\/.*)$/;
const PARAMETER = /^\{([A-Za-z0-9._-]+)\}$/;

/**
 * Finds routes by method and path (percent-encoded, without the query). The most specific one wins, literals before
 * parameters from left to right, as API Gateway documents.
 * @throws Error for a route key of a form that is not supported, and from the result: URIError for a malformed escape.
 */
export function routeMatcher<R extends Pick<RoutePlan, 'routeKey'>>(
  routes: readonly R[],
): (method: string, encodedPath: string) => RouteMatch<R> | undefined {
  const byShape = new Map<string, Candidate<R>[]>();
  for (const route of routes) {
    const [, method = '', path = ''] = ROUTE_KEY.exec(route.routeKey) ?? [];
    if (method === '' || method === 'ANY' || path.includes('+}')) {
      throw new Error(`route ${route.routeKey}: only METHOD /path/{parameter} is known here`);
    }
    const segments = path.split('/').map((segment) => {
      const parameter = PARAMETER.exec(segment)?.[1];
      return parameter === undefined ? { literal: segment } : { parameter };
    });
    const shape = `${method} ${segments.length}`;
    byShape.set(shape, [...(byShape.get(shape) ?? []), { route, segments }]);
  }
  for (const candidates of byShape.values()) candidates.sort((a, b) => (specificity(a) < specificity(b) ? -1 : 1));

  return (method, encodedPath) => {
    const parts = encodedPath.split('/');
    for (const candidate of byShape.get(`${method} ${parts.length}`) ?? []) {
      const match = matchSegments(candidate, parts);
      if (match !== undefined) return match;
    }
    return undefined;
  };
}

const specificity = <R>(candidate: Candidate<R>): string =>
  candidate.segments.map((segment) => ('literal' in segment ? '0' : '1')).join('');

function matchSegments<R>({ route, segments }: Candidate<R>, parts: readonly string[]): RouteMatch<R> | undefined {
  let pathParameters: Record<string, string> | undefined;
  for (const [index, segment] of segments.entries()) {
    const part = decodeURIComponent(parts[index] ?? '');
    if ('literal' in segment) {
      if (segment.literal !== part) return undefined;
    } else {
      if (part === '') return undefined;
      pathParameters ??= {};
      pathParameters[segment.parameter] = part;
    }
  }
  return { route, pathParameters };
}

// Owns what orders of the control API begin with: the Region they are for, else 404, and the body they come with, else 400.
// Leaves to the routes what is done then.
import type { Context } from 'hono';
import { bodyReader } from '../json-body.ts';

/** 404 of a name that nothing has. */
export const noSuch = (
  c: Context,
  what: 'Region' | 'queue' | 'schedule',
  name: string,
  known: Iterable<string>,
): Response => c.json({ message: `unknown ${what} ${name}: there are ${[...known].join(', ')}` }, 404);

/** A route with `:region` in its path. */
export const inRegion =
  <R>(regions: ReadonlyMap<string, R>, serve: (c: Context, region: R, name: string) => Promise<Response>) =>
  async (c: Context): Promise<Response> => {
    const name = c.req.param('region') ?? '';
    const region = regions.get(name);
    return region === undefined ? noSuch(c, 'Region', name, regions.keys()) : serve(c, region, name);
  };

export const withBody = bodyReader('message');

// Owns the body of a request to a server of this machine: JSON as its schema says, else 400 with what is wrong.
// Leaves to the servers which bodies they take, and what is done with them.
import type { Context } from 'hono';
import * as z from 'zod';

/** `field`: under which the answer says what is wrong. */
export const bodyReader =
  (field: 'message' | 'error') =>
  async <T>(c: Context, schema: z.ZodType<T>, serve: (body: T) => Response | Promise<Response>): Promise<Response> => {
    const parsed = schema.safeParse(await c.req.json().catch(() => undefined));
    return parsed.success ? serve(parsed.data) : c.json({ [field]: z.prettifyError(parsed.error) }, 400);
  };

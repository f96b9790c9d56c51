// Owns how a worker uses a service of its Region: after a way there, and not while it is away.
// Leaves to the memory twin behind it what the service does.
import type { Worker } from '../world/worker.ts';

/** A service of the Region. */
export const NEARBY_MS = [1, 10] as const;

/**
 * `port` as `worker` reaches it; `refusal` says of each call, by its method, whether the service is away, `wayMs` how long it may take there.
 * Own properties are no service's: they stay.
 */
export const reached = <Port extends object>(
  port: Port,
  worker: Worker,
  refusal: (method: string) => Error | undefined,
  wayMs: () => readonly [number, number] = () => NEARBY_MS,
): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || Object.hasOwn(target, name)) return member;
      return async (...given: readonly unknown[]): Promise<unknown> => {
        await worker.reach(...wayMs());
        const error = refusal(String(name));
        if (error !== undefined) throw error;
        return worker.hear(await Reflect.apply(member, target, given));
      };
    },
  });

// Owns what libraries take from the process while a run lasts: the time of day, timers and chance are the run's own.
// Leaves to the code under test everything that it is given as a port: clocks and queues are handed in.
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

const REPLACED = ['setTimeout', 'clearTimeout'] as const;

/** One run at a time: they are the process's. */
export const withOwnGlobals = async <T>(time: VirtualTime, random: Random, run: () => Promise<T>): Promise<T> => {
  const before = {
    now: Date.now,
    random: Math.random,
    timers: REPLACED.map((name) => [name, globalThis[name]] as const),
  };
  Date.now = () => time.nowMs;
  Math.random = () => random.next();
  Object.assign(globalThis, {
    setTimeout: <Given>(callback: (...given: Given[]) => void, ms = 0, ...given: Given[]) =>
      time.after(ms, () => callback(...given)),
    clearTimeout: (callOff: unknown) => {
      if (typeof callOff === 'function') callOff();
    },
  });
  try {
    return await run();
  } finally {
    Date.now = before.now;
    Math.random = before.random;
    Object.assign(globalThis, Object.fromEntries(before.timers));
  }
};

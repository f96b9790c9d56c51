// Owns waiting that ends early when everything is being stopped.

export interface StoppablePauses {
  readonly pause: (ms: number) => Promise<void>;
  readonly stopped: () => boolean;
  readonly stop: () => void;
}

export function stoppablePauses(): StoppablePauses {
  const waiting = new Set<() => void>();
  let stopped = false;
  return {
    stopped: () => stopped,
    stop: () => {
      stopped = true;
      for (const wake of [...waiting]) wake();
    },
    pause: (ms) =>
      new Promise((resolve) => {
        if (stopped) {
          resolve();
          return;
        }
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        waiting.add(wake);
      }),
  };
}

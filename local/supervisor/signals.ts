// Owns when a run ends: Ctrl-C, SIGTERM, the death of whoever started it, or an error nobody caught.

/** Well before the five seconds that callers rely on. */
const PARENT_POLL_MS = 500;

/** Calls `stop` once per cause; the caller sees to it that the second call does no harm. */
export const onEndOfRun = (stop: (why: string, cause?: Error) => void): void => {
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGHUP', () => stop('SIGHUP'));
  process.on('uncaughtException', (cause) => stop('error', cause));
  process.on('unhandledRejection', (cause) => stop('error', cause instanceof Error ? cause : new Error(String(cause))));
  const parent = process.ppid;
  // An orphan is given to another parent: npm or the shell that started the run is gone.
  setInterval(() => {
    if (process.ppid !== parent) stop('its parent ended');
  }, PARENT_POLL_MS).unref();
};

// Owns the errors a user can do something about: shown as one line, without a stack, and exit 1.

/** The message says what was wrong, what was found, and what to do, in one line. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

/** The message of anything thrown, as one line: what a terminal shows. */
export const oneLine = (cause: unknown): string => {
  const hasMessage = typeof cause === 'object' && cause !== null && 'message' in cause;
  return String(hasMessage ? cause.message : cause)
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
};

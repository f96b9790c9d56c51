// Owns the two ways in which a command ends without having done its work; both are shown as one line, without a stack.

/** The command line is wrong: the message names what was wrong and what is allowed. Exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command line is right and what it asks for cannot be, or was not agreed to. Exit 1. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** What was asked cannot be answered, neither yes nor no: a Region or its tables do not answer. Exit 2. */
export class CouldNotLook extends Error {
  override readonly name = 'CouldNotLook';
}

/** What was thrown, as one line. Node's own error for a host with several addresses that all refuse has a code and no text. */
export const oneLine = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? String(cause.code) : cause.name;
  return (cause.message || code).replaceAll(/\s*\n\s*/g, ' ').trim();
};

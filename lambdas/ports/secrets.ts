// Owns how it is told that a secret could not be read.
// Leaves to adapters/secrets.ts the reading.

/** `away`: it may be there. `refused`: it is not, or not for this function, until somebody mends that. */
export type SecretTrouble = 'away' | 'refused';

/** Either way no fault of the work that needs it. */
export class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable';
  constructor(
    readonly trouble: SecretTrouble,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

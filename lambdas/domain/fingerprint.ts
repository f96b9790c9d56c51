// Owns how the body of a request is told from another one, for as long as facts live.
// Leaves to canonical.ts the text that is hashed.
import { canonicalJson, sha256 } from './canonical.ts';
import type { Fingerprint } from './ids.ts';

/** A version that facts were stored under is never changed or removed: what a client sent then must match for ever. */
const VERSIONS: ReadonlyMap<string, (body: unknown) => string> = new Map([
  ['v1', (body: unknown) => sha256(canonicalJson(body))],
]);
const CURRENT = 'v1';

/** Of the parsed body exactly as the client sent it. */
export const fingerprint = (body: unknown): Fingerprint => fingerprintUnder(CURRENT, body);

/** Whether `body` is what the stored fact was made from, compared under the version stored with it. @throws RangeError for an unknown version */
export const matchesFingerprint = (stored: Fingerprint, body: unknown): boolean =>
  fingerprintUnder(stored.slice(0, stored.indexOf(':')), body) === stored;

const fingerprintUnder = (version: string, body: unknown): Fingerprint => {
  const digest = VERSIONS.get(version);
  if (digest === undefined) {
    throw new RangeError(
      `fingerprint version ${version} is unknown, this version knows ${[...VERSIONS.keys()].join(', ')}`,
    );
  }
  return `${version}:${digest(body)}` as Fingerprint;
};

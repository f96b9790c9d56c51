// Owns asking a run on this machine through its control API, and what is said when it does not do what it was asked.
// Leaves to local/control what it answers, to target.ts which run it is.
import { oneLine, Refused } from './failures.ts';

/** All but a function that is waited for is answered at once. */
const PATIENCE_MS = 5_000;

interface Asking {
  /** Absent: nothing is ordered, the run is looked at. */
  readonly order?: object;
  readonly patienceMs?: number;
}

/** @throws Refused in the run's own words, or when no run answers there */
export const askRun = async <T>(
  control: string,
  path: string,
  { order, patienceMs = PATIENCE_MS }: Asking = {},
): Promise<T> => {
  const response = await fetch(new URL(path, control), {
    ...(order && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) }),
    signal: AbortSignal.timeout(patienceMs),
  }).catch((cause: unknown) => nobody(control, oneLine(cause), cause));
  const answer: unknown = await response
    .json()
    .catch((cause: unknown) => nobody(control, `HTTP ${response.status}, ${oneLine(cause)}`, cause));
  if (response.ok) return answer as T;
  throw new Refused((answer as { readonly message?: string }).message ?? `${path} answered ${response.status}`);
};

const nobody = (control: string, why: string, cause: unknown): never => {
  throw new Refused(`no Baseload answers at ${control} (${why}): see what npm start says of control`, { cause });
};

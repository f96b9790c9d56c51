// Owns `POST /v1/readings`: a delivery is parsed, its days are put on the queue, and only then it is accepted.
// Leaves to store-readings that they are stored. Sending a delivery again changes nothing, so it has no Idempotency-Key.
import { type AssembledDelivery, assembleDays, DeliveryRefused, type Rejection } from '../domain/readings/delivery.ts';
import { batchIdOf, encodeIntake } from '../domain/readings/intake.ts';
import { requireAccess, requireScope } from '../shared/http/access.ts';
import type { ApiEvent } from '../shared/http/event.ts';
import { invalidRequest, Refusal } from '../shared/http/problem.ts';
import { type Reply, refusalReply } from '../shared/http/reply.ts';
import { METRICS } from '../shared/metric-names.ts';
import { joinMeters } from './join-meters.ts';
import { readDelivery } from './read-delivery.ts';
import type { ReadingsDeps } from './readings-deps.ts';

export const acceptReadings = async (deps: ReadingsDeps, event: ApiEvent): Promise<Reply> => {
  requireScope(event);
  const account = await accountOf(deps, event);
  const delivered = await parsed(deps, event, account);
  if (delivered.days.length === 0) return nothingAccepted(delivered.rejected);
  const batchId = await handOn(deps, delivered);
  deps.telemetry.count(METRICS.readingsAccepted, delivered.accepted);
  return { status: 202, body: { batchId, accepted: delivered.accepted, rejected: reported(delivered.rejected) } };
};

/** The account that unknown meters join, when the client names one. @throws Refusal 400, 421, 403, 404 */
const accountOf = async ({ jurisdiction, accounts }: ReadingsDeps, event: ApiEvent) => {
  const { account, ...others } = event.queryStringParameters ?? {};
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalidRequest([{ field: 'query', message: 'only account is a parameter of this' }]);
  if (account === undefined) return undefined;
  const accountId = requireAccess(event, jurisdiction, 'account', account);
  await accounts.require(accountId);
  return accountId;
};

const parsed = async (
  { catalog, clock }: ReadingsDeps,
  event: ApiEvent,
  account: Awaited<ReturnType<typeof accountOf>>,
): Promise<AssembledDelivery> => {
  try {
    const delivery = readDelivery(event);
    // What contradicts itself must not have joined anything.
    assembleDays(delivery, 0);
    const owned = account === undefined ? delivery : await joinMeters(catalog, account, delivery);
    return assembleDays(owned, clock.nowMs());
  } catch (error) {
    if (error instanceof DeliveryRefused) return { days: [], accepted: 0, rejected: error.rejected };
    throw error;
  }
};

/** @throws Refusal 503 when not every part is on the queue for sure; ReadingsUnavailable */
const handOn = async ({ batches, intake }: ReadingsDeps, { days, accepted }: AssembledDelivery): Promise<string> => {
  const batchId = batchIdOf(days);
  const parts = encodeIntake(batchId, days);
  await batches.open({ batchId, parts: parts.length, accepted });
  const { failed } = await intake.send(parts.map((body) => ({ body })));
  if (failed.length > 0) {
    throw new Refusal('outcome-unknown', 'Send the same readings again: what was taken already is not taken twice');
  }
  return batchId;
};

const nothingAccepted = (rejected: readonly Rejection[]): Reply => {
  const refusal = refusalReply(new Refusal('invalid-request', 'None of the readings can be accepted, see rejected'));
  return { ...refusal, body: { ...(refusal.body as object), rejected: reported(rejected) } };
};

/** An answer of Lambda has at most 6 MB; so many lines are below 2. */
const MAX_REPORTED = 10_000;

const reported = (rejected: readonly Rejection[]): readonly Rejection[] => {
  const next = rejected[MAX_REPORTED];
  if (next === undefined) return rejected;
  const more = `and ${rejected.length - MAX_REPORTED} more from here on: send fewer readings to see them all`;
  return [...rejected.slice(0, MAX_REPORTED), { ...next, reason: `${next.reason}; ${more}` }];
};

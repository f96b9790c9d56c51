// Owns `PUT /v1/accounts/{accountId}/meters/{meterId}`: which tariff a meter has from a day on. Earlier days keep theirs.
// Leaves to shared/rated-usage.ts what is billed by it.
import type { IsoDate } from '../domain/ids.ts';
import { parseTariff } from '../domain/rating/parse-tariff.ts';
import { catalogId } from '../shared/catalog-ids.ts';
import { requireAccountAccess } from '../shared/http/access.ts';
import { readJsonBody } from '../shared/http/body.ts';
import type { ApiEvent } from '../shared/http/event.ts';
import { validated } from '../shared/http/keyed-request.ts';
import { invalidRequest, Refusal } from '../shared/http/problem.ts';
import type { Reply } from '../shared/http/reply.ts';
import { putMeterRequest } from '../shared/schemas/requests.ts';
import { requireWritten } from './catalog-write.ts';
import type { TariffsDeps } from './tariffs-deps.ts';

export const putMeter = async (deps: TariffsDeps, event: ApiEvent): Promise<Reply> => {
  const accountId = requireAccountAccess(event, deps.jurisdiction);
  const { currency } = await deps.accounts.require(accountId);
  const meterId = catalogId(event, 'meterId');
  const assignment = readRequest(event);
  await requireTariff(deps, assignment.tariffId, currency);
  requireWritten(await deps.catalog.assignTariff(accountId, meterId, assignment));
  return { status: 200, body: { accountId, meterId, ...assignment } };
};

const readRequest = (event: ApiEvent): { readonly tariffId: string; readonly from: IsoDate } => {
  const request = validated(putMeterRequest, {}, readJsonBody(event));
  if (request.kind === 'invalid') throw invalidRequest(request.errors);
  return request.value;
};

/** @throws Refusal 404 when nobody has put the tariff, 409 when it is in another currency */
const requireTariff = async ({ catalog }: TariffsDeps, tariffId: string, currency: string): Promise<void> => {
  const versions = await catalog.tariffVersions(tariffId);
  if (versions.length === 0) throw new Refusal('tariff-not-found', `Put /v1/tariffs/${tariffId} first`);
  for (const { rate } of versions) {
    const parsed = parseTariff(JSON.parse(rate));
    if (parsed.kind === 'parsed' && parsed.tariff.currency !== currency) {
      throw new Refusal('tariff-currency', `Tariff ${tariffId} is in ${parsed.tariff.currency}, not in ${currency}`);
    }
  }
};

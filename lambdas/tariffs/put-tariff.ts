// Owns `PUT /v1/tariffs/{tariffId}`: an OpenEI URDB rate object, kept as sent; one with another start date stands beside the first.
// Leaves to domain/rating what a rate object must hold.
import { canonicalJson } from '../domain/canonical.ts';
import { parseTariff } from '../domain/rating/parse-tariff.ts';
import { catalogId } from '../shared/catalog-ids.ts';
import { requireScope } from '../shared/http/access.ts';
import { readJsonBody } from '../shared/http/body.ts';
import { cardNumberErrors } from '../shared/http/card-numbers.ts';
import type { ApiEvent } from '../shared/http/event.ts';
import { MAX_FIELD_ERRORS } from '../shared/http/field-path.ts';
import { invalidRequest } from '../shared/http/problem.ts';
import type { Reply } from '../shared/http/reply.ts';
import { requireWritten } from './catalog-write.ts';
import type { TariffsDeps } from './tariffs-deps.ts';

export const putTariff = async ({ catalog }: TariffsDeps, event: ApiEvent): Promise<Reply> => {
  requireScope(event);
  const tariffId = catalogId(event, 'tariffId');
  const body = readJsonBody(event);
  const cardNumbers = cardNumberErrors(body);
  if (cardNumbers.length > 0) throw invalidRequest(cardNumbers.slice(0, MAX_FIELD_ERRORS));
  const parsed = parseTariff(body);
  if (parsed.kind === 'refused') throw invalidRequest(parsed.problems.slice(0, MAX_FIELD_ERRORS));
  const { name, currency, startDate } = parsed.tariff;
  requireWritten(await catalog.putTariff({ tariffId, startDate, rate: canonicalJson(body) }));
  return { status: 200, body: { tariffId, name, currency, startDate: startDate ?? null } };
};

// Owns which route of tariffs and meters is served by what.
// Leaves to a file per route what it does.
import { type ApiHandler, createApi } from '../shared/http/router.ts';
import { putMeter } from './put-meter.ts';
import { putTariff } from './put-tariff.ts';
import type { TariffsDeps } from './tariffs-deps.ts';

export const createTariffsHandler = (deps: TariffsDeps): ApiHandler =>
  createApi<'tariffs'>({
    ...deps,
    routes: {
      'PUT /v1/tariffs/{tariffId}': (event) => putTariff(deps, event),
      'PUT /v1/accounts/{accountId}/meters/{meterId}': (event) => putMeter(deps, event),
    },
  });

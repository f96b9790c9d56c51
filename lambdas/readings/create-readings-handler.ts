// Owns which of the routes of readings is served by what.
// Leaves to a file per route what it does.
import { type ApiHandler, createApi } from '../shared/http/router.ts';
import { acceptReadings } from './accept-readings.ts';
import { getBatch } from './get-batch.ts';
import type { ReadingsDeps } from './readings-deps.ts';

export const createReadingsHandler = (deps: ReadingsDeps): ApiHandler =>
  createApi<'readings'>({
    ...deps,
    routes: {
      'POST /v1/readings': (event) => acceptReadings(deps, event),
      'GET /v1/readings/{batchId}': (event) => getBatch(deps, event),
    },
  });

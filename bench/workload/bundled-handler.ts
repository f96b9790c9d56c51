// Owns the loading of a function as Lambda loads it: the bundled asset that is deployed, with the environment of its template.
// Leaves to the callers which events it is given.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ENV, type Slug } from '../../lambdas/shared/names.ts';
import { bundleHandlers } from '../../lib/bundle.ts';
import { TABLES } from '../engine/tables.ts';
import { functionEnvironment } from './function-environment.ts';

export interface ApiAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const { requireAlone } = createRequire(import.meta.url)('./require-alone.cjs') as {
  readonly requireAlone: <Exports>(file: string) => Exports;
};

export type Handler = (event: object) => Promise<ApiAnswer>;

/** A new environment of the function each time. The SDK reads the endpoint at the first request: make one before the next is opened. */
export const openHandler = (
  slug: Slug,
  endpoint: string,
  { viewsTable = TABLES.views }: { readonly viewsTable?: string } = {},
): Handler => {
  Object.assign(process.env, functionEnvironment(endpoint), { [ENV.viewsTable]: viewsTable });
  const file = join(bundleHandlers()[slug], 'index.js');
  return requireAlone<{ readonly handler: Handler }>(file).handler;
};

/** @throws Error with the answer when it has another status */
export const expectStatus = (answer: ApiAnswer, status: number): ApiAnswer => {
  if (answer.statusCode === status) return answer;
  throw new Error(`a handler answered ${answer.statusCode} instead of ${status}: ${answer.body}`);
};

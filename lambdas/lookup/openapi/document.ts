// Owns the OpenAPI 3.1 document, generated from operations.ts, names.ts and the zod schemas.
// Leaves to API Gateway the refusals it makes itself, which keep AWS's body.
import * as z from 'zod';
import { type ProblemSlug, problemStatus } from '../../shared/http/problem.ts';
import { HEADERS } from '../../shared/http/reply.ts';
import { ROUTES, type RouteName, SCOPES } from '../../shared/names.ts';
import { problemAnswer } from '../../shared/schemas/answers.ts';
import { accountId, catalogId } from '../../shared/schemas/fields.ts';
import { OPERATIONS, type Operation } from './operations.ts';

type Json = Readonly<Record<string, unknown>>;

/** Every route on an account may refuse so, whatever it does. */
const ON_ACCOUNT: readonly ProblemSlug[] = [
  'unauthorized',
  'scope-missing',
  'invalid-request',
  'wrong-jurisdiction',
  'account-forbidden',
  'account-not-found',
];
const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` });

const schemaOf = (schema: z.ZodType): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
  return rest;
};

export const openApiDocument = (): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'Baseload',
    version: '1',
    summary: 'Multi-Region utility billing: bills, payments, receipts',
    description:
      'Amounts are integers in the minor unit of the currency. A request that was answered with 503 is safe to send again ' +
      'with the same Idempotency-Key, to either Region. Refusals of Baseload are RFC 9457 problems; those of API Gateway ' +
      '(401, its own 403, 404, 413, 429, 503) have the body {"message": …}: branch on the status first.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  paths: paths(),
  components: { schemas: schemas(), headers, parameters, securitySchemes },
});

const paths = (): Json => {
  const byPath: Record<string, Record<string, Json>> = {};
  for (const route of ROUTES) {
    const [method = '', path = ''] = route.key.split(' ');
    byPath[path] = { ...byPath[path], [method.toLowerCase()]: operationOf(route) };
  }
  return byPath;
};

const operationOf = (route: (typeof ROUTES)[number]): Json => {
  if (route.key === 'GET /openapi.json') {
    const json = { 'application/json': { schema: { type: 'object' } } };
    return {
      operationId: 'getDocument',
      summary: 'This document',
      security: [],
      responses: { 200: { description: 'OpenAPI 3.1', content: json } },
    };
  }
  const operation: Operation = OPERATIONS[route.key];
  const { scopes }: RouteName = route;
  return {
    operationId: operation.id,
    summary: operation.summary,
    security: scopes.length === 0 ? [] : scopes.map((scope) => ({ bearer: [scope] })),
    ...(operation.keyed || operation.lookup || operation.query || route.key.includes('{')
      ? { parameters: parametersOf(route.key, operation) }
      : {}),
    ...(operation.request === undefined ? {} : { requestBody: requestBodyOf(operation.request) }),
    responses: { ...answersOf(operation), ...refusalsOf(route, operation) },
  };
};

const parametersOf = (key: string, { keyed, lookup, etag, query }: Operation): readonly Json[] => [
  ...[...key.matchAll(/\{(\w+)\}/g)].map(([, name]) => ref('parameters', String(name))),
  ...Object.entries(query?.shape ?? {}).map(([name, schema]) => ({ name, in: 'query', schema: schemaOf(schema) })),
  ...(keyed ? [ref('parameters', 'idempotencyKey')] : []),
  ...(lookup ? [ref('parameters', 'after')] : []),
  ...(etag ? [ref('parameters', 'ifNoneMatch')] : []),
];

const requestBodyOf = ({ name, example }: NonNullable<Operation['request']>): Json => ({
  required: true,
  content: { 'application/json': { schema: ref('schemas', name), example } },
});

const answersOf = ({ answers, keyed, lookup, etag }: Operation): Json => {
  const sent = { region: true, position: keyed || lookup, staleness: lookup, replayed: keyed, etag };
  const headers = Object.fromEntries(
    Object.entries(sent).flatMap(([name, is]) =>
      is ? [[headerNames[name as keyof typeof sent], ref('headers', name)]] : [],
    ),
  );
  const responses: Record<string, Json> = {};
  for (const [status, { name, when }] of Object.entries(answers)) {
    const content = { 'application/json': { schema: ref('schemas', name) } };
    responses[status] = { description: when, headers, content };
  }
  return etag ? { ...responses, 304: { description: 'Nothing has changed since that ETag', headers } } : responses;
};

/** One response per status, its slugs named in the description. */
const refusalsOf = ({ key, scopes }: RouteName, { refusals }: Operation): Json => {
  const common: readonly ProblemSlug[] = scopes.length === 0 ? [] : ON_ACCOUNT;
  const applicable = common.filter((slug) => key.includes('{accountId}') || !slug.startsWith('account-'));
  const slugs = [...new Set([...applicable, ...refusals])];
  const statuses = [...new Set(slugs.map(problemStatus))].sort((a, b) => a - b);
  const responses: Record<string, Json> = {};
  for (const status of statuses) {
    const here = slugs.filter((slug) => problemStatus(slug) === status);
    responses[status] = {
      description: here.map((slug) => `\`${slug}\``).join(', '),
      ...(status === 503 || status === 429 ? { headers: { [HEADERS.retryAfter]: ref('headers', 'retryAfter') } } : {}),
      content: { 'application/problem+json': { schema: ref('schemas', 'Problem') } },
    };
  }
  if (scopes.length > 0) {
    const gateway = 'Too many requests: made by API Gateway, its body is not a problem';
    const own = responses[429];
    responses[429] = own
      ? { ...own, description: `${own.description}, and without a problem: ${gateway}` }
      : { description: gateway, content: { 'application/json': { schema: { type: 'object' } } } };
  }
  return responses;
};

const schemas = (): Json => {
  const byName: Record<string, Json> = { Problem: schemaOf(problemAnswer) };
  for (const { request, answers } of Object.values(OPERATIONS)) {
    if (request !== undefined) byName[request.name] = schemaOf(request.schema);
    for (const { name, schema } of Object.values(answers)) byName[name] = schemaOf(schema);
  }
  return byName;
};

const headerNames = {
  region: HEADERS.region,
  position: HEADERS.position,
  staleness: HEADERS.stalenessMs,
  replayed: HEADERS.replayed,
  etag: HEADERS.etag,
} as const;

const headers: Json = {
  region: { description: 'The Region that answered', schema: { type: 'string' } },
  position: {
    description:
      'The newest fact that the answer names, else the newest asked for or the opening of the account; send it back in Baseload-After',
    schema: { type: 'string' },
  },
  staleness: { description: 'How old the view may be, in milliseconds', schema: { type: 'integer', minimum: 0 } },
  replayed: { description: 'The answer of an earlier request with this key', schema: { const: 'true' } },
  etag: { description: 'Strong, over what is served', schema: { type: 'string' } },
  retryAfter: { description: 'Seconds', schema: { type: 'integer', minimum: 1 } },
};

const inPath = (name: string, schema: Json): Json => ({ name, in: 'path', required: true, schema });

const parameters: Json = {
  accountId: inPath('accountId', schemaOf(accountId)),
  paymentId: inPath('paymentId', { type: 'string' }),
  billId: inPath('billId', { type: 'string', examples: ['bill_2026-10_r1'] }),
  tariffId: inPath('tariffId', schemaOf(catalogId)),
  batchId: inPath('batchId', { type: 'string' }),
  meterId: inPath('meterId', schemaOf(catalogId)),
  region: inPath('region', { type: 'string', examples: ['us-east-1'] }),
  idempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: 'Scoped to account and path; never expires. The same key with another body is refused with 422',
    schema: { type: 'string', pattern: '^[!-~]{1,255}$' },
  },
  after: {
    name: 'Baseload-After',
    in: 'header',
    description: 'Up to 8 positions, separated by commas: the answer contains those facts, in either Region',
    schema: { type: 'string' },
  },
  ifNoneMatch: { name: 'If-None-Match', in: 'header', schema: { type: 'string' } },
};

const securitySchemes: Json = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: `Scopes ${Object.values(SCOPES).join(', ')}; claim accounts lists the accounts a payer may see and pay`,
  },
};

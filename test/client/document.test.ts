// Holds the client's hand-written answers to the API's own document: every field, whether it must be there, and every word.
import { expect, test } from '@jest/globals';
import * as answers from '../../client/src/answers.ts';
import type { Declared } from '../../client/src/shapes.ts';
import { openApiDocument } from '../../lambdas/lookup/openapi/document.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const { schemas } = openApiDocument()['components'] as { schemas: Readonly<Record<string, Schema>> };

/** A schema in the client's terms. */
const termsOf = (schema: Schema): unknown => {
  const { properties, required = [], anyOf } = schema;
  if (anyOf !== undefined) {
    const [of, none, ...rest] = anyOf;
    if (of === undefined || none?.type !== 'null' || rest.length > 0)
      throw new Error('the client knows no such choice');
    return { kind: 'nullable', of: termsOf(of) };
  }
  if (typeof schema.type === 'object') {
    const [type = '', none, ...rest] = schema.type;
    if (none !== 'null' || rest.length > 0) throw new Error('the client knows no such choice');
    return { kind: 'nullable', of: termsOf({ ...schema, type }) };
  }
  if (schema.enum !== undefined) return { kind: 'word', words: schema.enum };
  if (schema.const !== undefined) return { kind: 'word', words: [schema.const] };
  if (schema.items !== undefined) return { kind: 'list', of: termsOf(schema.items) };
  if (properties === undefined) return KINDS[schema.type ?? ''];
  const fields = Object.entries(properties).map(([name, field]) => [
    name,
    required.includes(name) ? termsOf(field) : { kind: 'optional', of: termsOf(field) },
  ]);
  return { kind: 'record', fields: Object.fromEntries(fields) };
};

const KINDS: Readonly<Record<string, unknown>> = {
  string: { kind: 'text' },
  integer: { kind: 'integer' },
  boolean: { kind: 'flag' },
};

/** A position is a text with a bound that the client needs and the document states in words. */
const asTexts = (declared: Declared): unknown =>
  JSON.parse(JSON.stringify(declared).replaceAll('{"kind":"position"}', '{"kind":"text"}'));

test.each([
  ['Account', answers.account],
  ['Balance', answers.balance],
  ['Statement', answers.statementPage],
  ['Bill', answers.bill],
  ['Bills', answers.billsPage],
  ['BillPreview', answers.billPreview],
  ['AcceptedPayment', answers.acceptedPayment],
  ['Payment', answers.payment],
])('%s', (name, shape) => {
  expect(asTexts(shape.declared)).toEqual(termsOf(schemas[name]!));
});

test('Problem: any slug, so that a new one is still told', () => {
  const { fields } = termsOf(schemas['Problem']!) as { fields: Readonly<Record<string, unknown>> };
  expect(asTexts(answers.problem.declared)).toEqual({ kind: 'record', fields: { ...fields, type: { kind: 'text' } } });
});

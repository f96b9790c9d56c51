// Owns bodies that are nearly what a JSON schema asks for: each field right, missing, of another kind, or at an edge.
// Leaves to the caller what must come of them.
import fc, { type Arbitrary } from 'fast-check';

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
}

const EDGE_NUMBERS = [0, -0, -1, 1, 0.5, 1e12, 1e12 + 1, 2 ** 53, -(2 ** 53), 1e308, 1e21];
const EDGE_TEXTS = [
  '',
  ' ',
  '\u0000',
  '\u202e',
  '__proto__',
  'constructor',
  '2026-02-30',
  '2026-13',
  '💶',
  'x'.repeat(5_000),
];

const anything: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...EDGE_NUMBERS, ...EDGE_TEXTS, null, true, [], {}),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary' }),
);

const likely = (schema: JsonSchema): Arbitrary<unknown> => {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'integer':
    case 'number':
      return fc.oneof(
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(...EDGE_NUMBERS),
      );
    case 'string':
      return fc.oneof(fc.string(), fc.constantFrom(...EDGE_TEXTS, 'USD', 'card', '2026-10', '2026-10-31', 'us_x'));
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}), { maxLength: 5 });
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, member]) => [name, arbitraryOf(member)]),
        ),
        { requiredKeys: [] },
      );
    default:
      return anything;
  }
};

export const arbitraryOf = (schema: JsonSchema): Arbitrary<unknown> =>
  fc.oneof(
    { weight: 6, arbitrary: likely(schema) },
    { weight: 1, arbitrary: anything },
    {
      weight: 1,
      arbitrary: fc
        .tuple(likely(schema), fc.string(), anything)
        .map(([value, key, extra]) =>
          typeof value === 'object' && value !== null ? { ...value, [key]: extra } : value,
        ),
    },
  );

// Owns how an answer is held against what it must look like before anybody relies on it.
// Leaves to answers.ts what the answers are. Fields it does not know are let through: a newer server may send more.

/** Reads `value`, found at `path`, as a T. @throws UnexpectedAnswer naming the path */
export interface Shape<T> {
  readonly read: (value: unknown, path: string) => T;
  /** What was declared, for the test that holds it to the API's document. */
  readonly declared: Declared;
}

export type Declared =
  | { readonly kind: 'text' | 'integer' | 'flag' | 'position' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'nullable' | 'optional' | 'list'; readonly of: Declared }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, Declared>> };

export type Read<S> = S extends Shape<infer T> ? T : never;

/** An answer that no Baseload gives: a lie, or somebody else's. It never quotes what came. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

const shape = <T>(declared: Declared, must: string, is: (value: unknown) => value is T): Shape<T> => ({
  declared,
  read: (value, path) => {
    if (is(value)) return value;
    throw new UnexpectedAnswer(`${path} must be ${must}`);
  },
});

export const text = shape({ kind: 'text' }, 'a text', (value) => typeof value === 'string');

export const flag = shape({ kind: 'flag' }, 'true or false', (value) => typeof value === 'boolean');

/** Beyond 2^53 - 1 two amounts would be read as one. */
export const integer = shape({ kind: 'integer' }, 'a safe integer', (value): value is number =>
  Number.isSafeInteger(value),
);

/** Goes into a header later on. */
export const position = shape(
  { kind: 'position' },
  'a position',
  (value): value is string => typeof value === 'string' && /^[\w-]{1,512}$/.test(value),
);

/** One of `words` today. A word of tomorrow is let through, so that an old client can still show the rest. */
export const word = <const W extends string>(...words: readonly W[]): Shape<W | (string & {})> => ({
  declared: { kind: 'word', words },
  read: text.read,
});

export const nullable = <T>(of: Shape<T>): Shape<T | null> => ({
  declared: { kind: 'nullable', of: of.declared },
  read: (value, path) => (value === null ? null : of.read(value, path)),
});

export const list = <T>(of: Shape<T>): Shape<readonly T[]> => ({
  declared: { kind: 'list', of: of.declared },
  read: (value, path) => {
    if (!Array.isArray(value)) throw new UnexpectedAnswer(`${path} must be a list`);
    return value.map((item, index) => of.read(item, `${path}.${index}`));
  },
});

export const optional = <T>(of: Shape<T>): Shape<T | undefined> => ({
  declared: { kind: 'optional', of: of.declared },
  read: (value, path) => (value === undefined ? undefined : of.read(value, path)),
});

type Fields = Readonly<Record<string, Shape<unknown>>>;
type OptionalName<F extends Fields> = { [N in keyof F]: undefined extends Read<F[N]> ? N : never }[keyof F];
type RecordOf<F extends Fields> = { readonly [N in Exclude<keyof F, OptionalName<F>>]: Read<F[N]> } & {
  readonly [N in OptionalName<F>]?: Read<F[N]>;
};

export const record = <F extends Fields>(fields: F): Shape<RecordOf<F>> => ({
  declared: {
    kind: 'record',
    fields: Object.fromEntries(Object.entries(fields).map(([name, { declared }]) => [name, declared])),
  },
  read: (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UnexpectedAnswer(`${path} must be an object`);
    }
    for (const [name, field] of Object.entries(fields)) {
      field.read((value as Readonly<Record<string, unknown>>)[name], `${path}.${name}`);
    }
    return value as RecordOf<F>;
  },
});

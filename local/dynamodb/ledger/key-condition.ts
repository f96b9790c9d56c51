// Owns whether a key satisfies a KeyConditionExpression, for items that the engine no longer has but a replica still shows.
// Leaves to the engine the validation of the expression.
import { type AttributeValue, canonicalNumber, type Item, type KeySchema } from '../images.ts';
import { notEmulated, type RequestBody } from '../protocol.ts';

/** Order of two key values of one type: numbers by value, strings and binary by their bytes. */
export const compareKeys = (left: AttributeValue | undefined, right: AttributeValue | undefined): number => {
  if (left?.N !== undefined && right?.N !== undefined) {
    return Number(canonicalNumber(String(left.N))) - Number(canonicalNumber(String(right.N)));
  }
  const encoding = left?.B === undefined ? 'utf8' : 'base64';
  return Buffer.compare(
    Buffer.from(String(left?.S ?? left?.B ?? ''), encoding),
    Buffer.from(String(right?.S ?? right?.B ?? ''), encoding),
  );
};

export interface KeyCondition {
  readonly partition: AttributeValue;
  readonly matches: (key: Item) => boolean;
}

type Test = (value: AttributeValue | undefined) => boolean;

/** @throws AwsRefusal for a form that this machine does not know */
export const keyConditionOf = (query: RequestBody, schema: KeySchema): KeyCondition => {
  const names = (query.ExpressionAttributeNames ?? {}) as Readonly<Record<string, string>>;
  const values = (query.ExpressionAttributeValues ?? {}) as Item;
  const text = String(query.KeyConditionExpression ?? '');
  const tests = new Map<string, Test>();
  let partition: AttributeValue | undefined;

  const form =
    /\s*(?:(?:AND)\s+)?\(?\s*(?:begins_with\s*\(\s*(?<prefixed>#?[\w.-]+)\s*,\s*(?<prefix>:\w+)\s*\)|(?<name>#?[\w.-]+)\s*(?:(?<operator><=|>=|=|<|>)\s*(?<value>:\w+)|BETWEEN\s+(?<low>:\w+)\s+AND\s+(?<high>:\w+)))\s*\)?\s*/giy;
  while (form.lastIndex < text.length) {
    const groups = form.exec(text)?.groups;
    if (groups === undefined)
      throw notEmulated(`KeyConditionExpression ${text} in an eventually consistent read of an MRSC table`);
    const alias = groups.prefixed ?? groups.name ?? '';
    const value = values[groups.value ?? groups.prefix ?? groups.low ?? ''] ?? {};
    const name = names[alias] ?? alias;
    if (name === schema.partitionKey) partition = value;
    tests.set(name, testOf(groups, value, values[groups.high ?? '']));
  }
  if (partition === undefined) throw notEmulated(`KeyConditionExpression ${text} without ${schema.partitionKey}`);
  return { partition, matches: (key) => [...tests].every(([name, test]) => test(key[name])) };
};

const testOf = (
  groups: Readonly<Record<string, string | undefined>>,
  value: AttributeValue,
  high: AttributeValue | undefined,
): Test => {
  if (groups.prefix !== undefined) {
    return (key) => String(key?.S ?? key?.B ?? '').startsWith(String(value.S ?? value.B ?? ''));
  }
  switch (groups.operator) {
    case '=':
      return (key) => compareKeys(key, value) === 0;
    case '<':
      return (key) => compareKeys(key, value) < 0;
    case '<=':
      return (key) => compareKeys(key, value) <= 0;
    case '>':
      return (key) => compareKeys(key, value) > 0;
    case '>=':
      return (key) => compareKeys(key, value) >= 0;
    default:
      return (key) => compareKeys(key, value) >= 0 && compareKeys(key, high) <= 0;
  }
};

// Owns the canonical text of items and their keys: equal items have equal text, whoever wrote them.
// Leaves to the engine the validation of attribute values.

/** `{"S": "…"}` and its kin. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

export interface KeySchema {
  readonly partitionKey: string;
  readonly sortKey?: string;
}

/** DynamoDB's own form of a number: no exponent, no leading or trailing zeros (`1.50` and `15e-1` are `1.5`). */
export const canonicalNumber = (text: string): string => {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (parts === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  const before = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0');
  const after = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point);
  const wholePart = before.replace(/^0+/, '');
  const fractionPart = after.replace(/0+$/, '');
  if (wholePart === '' && fractionPart === '') return '0';
  return `${sign === '-' ? '-' : ''}${wholePart === '' ? '0' : wholePart}${fractionPart === '' ? '' : `.${fractionPart}`}`;
};

const members = (object: object, text: (value: never) => string): string =>
  `{${Object.entries(object)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${JSON.stringify(name)}:${text(value as never)}`)
    .join(',')}}`;

const canonicalValue = (value: AttributeValue): string => {
  const [type = '', content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'N':
      return `{"N":${JSON.stringify(canonicalNumber(String(content)))}}`;
    case 'NS':
      return `{"NS":${JSON.stringify((content as string[]).map(canonicalNumber).sort())}}`;
    case 'SS':
    case 'BS':
      return `{"${type}":${JSON.stringify([...(content as string[])].sort())}}`;
    case 'L':
      return `{"L":[${(content as AttributeValue[]).map(canonicalValue).join(',')}]}`;
    case 'M':
      return `{"M":${members(content as object, canonicalValue)}}`;
    default:
      return JSON.stringify(value);
  }
};

/** An item as text: attributes sorted, numbers and sets in one form. */
export const canonicalItem = (item: Item): string => members(item, canonicalValue);

export const parseItem = (text: string): Item => JSON.parse(text) as Item;

/** The key attributes of an item or key, or undefined when one is missing. */
export const keyAttributes = (schema: KeySchema, from: Item | undefined): Item | undefined => {
  const partition = from?.[schema.partitionKey];
  if (partition === undefined) return undefined;
  if (schema.sortKey === undefined) return { [schema.partitionKey]: partition };
  const sort = from?.[schema.sortKey];
  return sort === undefined ? undefined : { [schema.partitionKey]: partition, [schema.sortKey]: sort };
};

/** One text for one item of one table, and one for its partition. */
export interface ItemId {
  readonly item: string;
  readonly partition: string;
}

export const partitionId = (table: string, partitionValue: AttributeValue): string =>
  `${table} ${canonicalValue(partitionValue)}`;

/** Of key attributes as `keyAttributes` gives them. */
export const itemId = (table: string, schema: KeySchema, key: Item): ItemId => ({
  item: `${table} ${canonicalItem(key)}`,
  partition: partitionId(table, key[schema.partitionKey] ?? {}),
});

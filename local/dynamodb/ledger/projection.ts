// Owns which attributes of an item a read asked for.
// Leaves nested paths to AWS: a projection into maps and lists is refused here.
import type { Item } from '../images.ts';
import { notEmulated, type RequestBody } from '../protocol.ts';

export type Projection = (item: Item) => Item;

/** Of ProjectionExpression; everything when there is none. @throws AwsRefusal for nested paths */
export const projectionOf = (read: RequestBody): Projection => {
  const expression = read.ProjectionExpression;
  if (expression === undefined) return (item) => item;
  const names = (read.ExpressionAttributeNames ?? {}) as Readonly<Record<string, string>>;
  const wanted = String(expression)
    .split(',')
    .map((part) => {
      const path = part.trim();
      if (/[.[\]]/.test(path))
        throw notEmulated(`the nested path ${path} in an eventually consistent read of an MRSC table`);
      return names[path] ?? path;
    });
  return (item) => Object.fromEntries(wanted.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
};

/** The read without its projection, to be asked of the engine; names only the projection used go too. */
export const withoutProjection = (read: RequestBody): RequestBody => {
  const { ProjectionExpression, ExpressionAttributeNames, ...rest } = read;
  const conditions = String(read.KeyConditionExpression ?? '');
  const names = Object.entries((ExpressionAttributeNames ?? {}) as Readonly<Record<string, string>>).filter(([alias]) =>
    new RegExp(`${alias}(?!\\w)`).test(conditions),
  );
  return names.length === 0 ? rest : { ...rest, ExpressionAttributeNames: Object.fromEntries(names) };
};

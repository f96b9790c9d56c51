// Owns the refusal of JSON that parsers read differently: repeated keys, prototype keys, endless nesting.
// Leaves to body.ts where the text comes from, and to the schemas what it must say.
import type { FieldError } from './problem.ts';

/** Deeper than any request of this API, far from where recursion hurts. */
const MAX_DEPTH = 16;
const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const NUMBER = /^[-\d]/;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

export type ParsedJson =
  | { readonly kind: 'parsed'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly error: FieldError };

const refused = (message: string): ParsedJson => ({ kind: 'refused', error: { field: 'body', message } });

/** Parses `text` as I-JSON (RFC 7493): what one reader takes for a payment of 1, no other may take for one of 1000. */
export const parseJson = (text: string): ParsedJson => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, and the text may hold anything.
    return refused('is not valid JSON');
  }
  const ambiguity = findAmbiguity(text);
  return ambiguity === undefined ? { kind: 'parsed', value } : refused(ambiguity);
};

/** Walks the tokens of a text that is JSON; on any other, an open string would make the pattern quadratic. */
const findAmbiguity = (text: string): string | undefined => {
  const keysOfOpen: (Set<string> | undefined)[] = [];
  let previous = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      keysOfOpen.push(token === '{' ? new Set() : undefined);
      if (keysOfOpen.length > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
    } else if (token === '}' || token === ']') {
      keysOfOpen.pop();
    } else if (token === ':') {
      const key = previous.includes('\\') ? String(JSON.parse(previous)) : previous.slice(1, -1);
      const siblings = keysOfOpen.at(-1);
      if (PROTOTYPE_KEYS.has(key)) return 'holds a field name that is not allowed';
      if (siblings?.has(key)) return 'names a field twice';
      siblings?.add(key);
    } else if (NUMBER.test(token) && !Number.isFinite(Number(token))) {
      return 'holds a number out of range';
    }
    previous = token;
  }
  return undefined;
};

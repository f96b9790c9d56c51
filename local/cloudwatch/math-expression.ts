// Owns the grammar of metric math, as far as alarms here use it: text becomes a tree, or an error that says where it ends.
// Leaves to metric-math.ts what a tree comes to. Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics".

export type Operator = '+' | '-' | '*' | '/' | '<' | '<=' | '>' | '>=' | '==' | '!=' | '&&' | '||';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'negative'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

/** Loosest first. */
const LEVELS: readonly (readonly Operator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
];
const WORDS: Readonly<Record<string, Operator>> = { AND: '&&', OR: '||' };
const TOKEN = /\s*(\d+(?:\.\d+)?|\.\d+|[A-Za-z_][A-Za-z0-9_]*|&&|\|\||[=!<>]=|[-+*/<>()[\],])/y;

/** @throws Error for what is not in the grammar */
export const parseMath = (text: string): Expression => {
  const tokens = tokensOf(text);
  const expression = binary(tokens, 0);
  if (tokens.next() !== undefined) throw new Error(`${tokens.taken()} is one too many in ${text}`);
  return expression;
};

class Tokens {
  #at = 0;

  constructor(private readonly all: readonly string[]) {}

  peek(): string | undefined {
    return this.all[this.#at];
  }

  next(): string | undefined {
    return this.all[this.#at++];
  }

  /** What was taken last, for messages. */
  taken(): string {
    return this.all[this.#at - 1] ?? 'the end';
  }

  expect(token: string): void {
    if (this.next() !== token) throw new Error(`expected ${token}, got ${this.taken()}`);
  }
}

const tokensOf = (text: string): Tokens => {
  const tokens: string[] = [];
  const whole = text.trimEnd();
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < whole.length; ) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(whole)?.[1];
    if (token === undefined) throw new Error(`${whole.slice(from).trim()} is not metric math that is known here`);
    tokens.push(token);
  }
  return new Tokens(tokens);
};

const binary = (tokens: Tokens, level: number): Expression => {
  const operators = LEVELS[level];
  if (operators === undefined) return unary(tokens);
  let left = binary(tokens, level + 1);
  for (;;) {
    const token = tokens.peek() ?? '';
    const operator = operators.find((one) => one === (WORDS[token] ?? token));
    if (operator === undefined) return left;
    tokens.next();
    left = { kind: 'binary', operator, left, right: binary(tokens, level + 1) };
  }
};

const unary = (tokens: Tokens): Expression => {
  if (tokens.peek() !== '-') return primary(tokens);
  tokens.next();
  return { kind: 'negative', of: unary(tokens) };
};

const primary = (tokens: Tokens): Expression => {
  const token = tokens.next();
  if (token === undefined) throw new Error('the expression ends where a value should be');
  if (/^[\d.]/.test(token)) return { kind: 'number', value: Number(token) };
  if (token === '[') return { kind: 'list', items: until(tokens, ']') };
  if (token === '(') {
    const inner = binary(tokens, 0);
    tokens.expect(')');
    return inner;
  }
  if (!/^[A-Za-z_]/.test(token) || token in WORDS) throw new Error(`expected a value, got ${token}`);
  if (tokens.peek() !== '(') return { kind: 'id', id: token };
  tokens.next();
  return { kind: 'call', name: token, arguments: until(tokens, ')') };
};

const until = (tokens: Tokens, end: string): readonly Expression[] => {
  const items: Expression[] = [];
  if (tokens.peek() === end) {
    tokens.next();
    return items;
  }
  for (;;) {
    items.push(binary(tokens, 0));
    if (tokens.peek() === end) {
      tokens.next();
      return items;
    }
    tokens.expect(',');
  }
};

// Owns the rule of a composite alarm: AND, OR, NOT over the states of other alarms.
// Source: CloudWatch API reference, PutCompositeAlarm, AlarmRule.
import type { AlarmStatus } from './alarm-plan.ts';

export type Rule =
  | { readonly kind: 'always'; readonly value: boolean }
  | { readonly kind: 'state'; readonly status: AlarmStatus; readonly alarm: string }
  | { readonly kind: 'not'; readonly rule: Rule }
  | { readonly kind: 'and' | 'or'; readonly rules: readonly Rule[] };

const STATUSES: readonly string[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] satisfies readonly AlarmStatus[];
const TOKEN = /\s*(?:([()])|"([^"]*)"|'([^']*)'|([^\s()"']+))/y;

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

/** @throws Error for what is not in the grammar */
export const parseRule = (text: string): Rule => {
  const tokens = tokensOf(text);
  const rule = either(tokens);
  const more = tokens[0];
  if (more !== undefined) throw new Error(`${more.text} is one too many in the rule ${text}`);
  return rule;
};

/** Names of the alarms that the rule looks at. */
export const alarmsOf = (rule: Rule): readonly string[] => {
  switch (rule.kind) {
    case 'always':
      return [];
    case 'state':
      return [rule.alarm];
    case 'not':
      return alarmsOf(rule.rule);
    case 'and':
    case 'or':
      return rule.rules.flatMap(alarmsOf);
  }
};

export const holds = (rule: Rule, statusOf: (alarm: string) => AlarmStatus): boolean => {
  switch (rule.kind) {
    case 'always':
      return rule.value;
    case 'state':
      return statusOf(rule.alarm) === rule.status;
    case 'not':
      return !holds(rule.rule, statusOf);
    case 'and':
      return rule.rules.every((one) => holds(one, statusOf));
    case 'or':
      return rule.rules.some((one) => holds(one, statusOf));
  }
};

/** An alarm is named by its name or its ARN. */
export const alarmNameOf = (nameOrArn: string): string =>
  /^arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;

const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  const whole = text.trim();
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < whole.length; ) {
    const from = TOKEN.lastIndex;
    const [, bracket, double, single, word] = TOKEN.exec(whole) ?? [];
    const quoted = double ?? single;
    const found = quoted ?? bracket ?? word;
    if (found === undefined) throw new Error(`${whole.slice(from)} is not known in a rule`);
    tokens.push({ text: found, quoted: quoted !== undefined });
  }
  return tokens;
};

const isNext = (tokens: readonly Token[], text: string): boolean =>
  tokens[0] !== undefined && !tokens[0].quoted && tokens[0].text === text;

const either = (tokens: Token[]): Rule => joined(tokens, 'OR', 'or', both);
const both = (tokens: Token[]): Rule => joined(tokens, 'AND', 'and', negated);

const joined = (tokens: Token[], word: string, kind: 'and' | 'or', operand: (tokens: Token[]) => Rule): Rule => {
  const first = operand(tokens);
  const rules = [first];
  while (isNext(tokens, word)) {
    tokens.shift();
    rules.push(operand(tokens));
  }
  return rules.length === 1 ? first : { kind, rules };
};

const negated = (tokens: Token[]): Rule => {
  if (!isNext(tokens, 'NOT')) return primary(tokens);
  tokens.shift();
  return { kind: 'not', rule: negated(tokens) };
};

const primary = (tokens: Token[]): Rule => {
  const token = tokens.shift();
  if (token === undefined) throw new Error('the rule ends where a condition should be');
  if (!token.quoted && token.text === '(') {
    const inner = either(tokens);
    close(tokens);
    return inner;
  }
  if (token.text === 'TRUE' || token.text === 'FALSE') return { kind: 'always', value: token.text === 'TRUE' };
  if (!STATUSES.includes(token.text) || !isNext(tokens, '(')) throw new Error(`${token.text} is not known in a rule`);
  tokens.shift();
  const alarm = tokens.shift();
  if (alarm === undefined) throw new Error(`${token.text}( names no alarm`);
  close(tokens);
  return { kind: 'state', status: token.text as AlarmStatus, alarm: alarmNameOf(alarm.text) };
};

const close = (tokens: Token[]): void => {
  const token = tokens.shift();
  if (token === undefined || token.quoted || token.text !== ')')
    throw new Error(`expected ), got ${token?.text ?? 'the end of the rule'}`);
};

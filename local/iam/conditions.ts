// Owns the condition operators and keys that the templates use; any other is an error when a policy is loaded,
// because a condition that is silently true would make the local Regions more generous than AWS.
import type { PolicyStatement } from '../assembly/plan.ts';
import { wildcardMatcher } from './wildcard.ts';

/** Values of condition keys in a request; a key that is absent has no values. */
export type RequestContext = Readonly<Record<string, readonly string[]>>;

/** What every request in a Region has. */
export const contextIn = (region: string): RequestContext => ({
  'aws:RequestedRegion': [region],
  'aws:SecureTransport': ['true'],
});

export type ConditionTest = (context: RequestContext) => boolean;

/**
 * What a request can carry here, and what stands in statements on services that nothing here asks (`kms:…`).
 * Keys are compared without regard to case, as IAM does.
 */
export const KNOWN_CONDITION_KEYS = [
  'aws:RequestedRegion',
  'aws:SecureTransport',
  'dynamodb:LeadingKeys',
  'kms:ViaService',
  's3:if-none-match',
  'ses:FromAddress',
] as const;

const knownKeys = new Map<string, string>(KNOWN_CONDITION_KEYS.map((key) => [key.toLowerCase(), key]));

interface Operator {
  readonly match: (policyValue: string) => (requestValue: string) => boolean;
  readonly negated: boolean;
}

const equals: Operator['match'] = (policyValue) => (value) => value === policyValue;
const like: Operator['match'] = (policyValue) => wildcardMatcher(policyValue, { ignoreCase: false });

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { match: equals, negated: false },
  StringNotEquals: { match: equals, negated: true },
  StringLike: { match: like, negated: false },
  StringNotLike: { match: like, negated: true },
  ArnEquals: { match: like, negated: false },
  ArnLike: { match: like, negated: false },
  Bool: { match: (policyValue) => (value) => value.toLowerCase() === policyValue.toLowerCase(), negated: false },
};

type Quantifier = 'ForAllValues' | 'ForAnyValue' | undefined;

/**
 * All operators and all keys of a Condition block must hold.
 * @throws Error naming the operator or key that is not known here.
 */
export function compileCondition(condition: PolicyStatement['Condition'], where: string): ConditionTest {
  const tests = Object.entries(condition ?? {}).flatMap(([operatorText, keys]) => {
    const compile = operatorText === 'Null' ? compileNull : compilerOf(parseOperator(operatorText, where));
    return Object.entries(keys).map(([key, values]) => {
      const known = knownKeys.get(key.toLowerCase());
      if (known === undefined) {
        throw new Error(
          `${where}: condition key ${key} is not known here: add it to KNOWN_CONDITION_KEYS and to the requests that carry it`,
        );
      }
      return compile(known, typeof values === 'string' ? [values] : values);
    });
  });
  return (context) => tests.every((test) => test(context));
}

function parseOperator(text: string, where: string): { readonly operator: Operator; readonly quantifier: Quantifier } {
  const [first = '', second] = text.split(':');
  const quantifier = first === 'ForAllValues' || first === 'ForAnyValue' ? first : undefined;
  const operator = OPERATORS[quantifier === undefined ? text : (second ?? '')];
  if (operator === undefined) {
    throw new Error(
      `${where}: condition operator ${text} is not known here: known are ${Object.keys(OPERATORS).join(', ')}, Null`,
    );
  }
  return { operator, quantifier };
}

type CompileKey = (key: string, policyValues: readonly string[]) => ConditionTest;

/** Whether the request lacks the key. */
const compileNull: CompileKey = (key, policyValues) => {
  const absent = policyValues.includes('true');
  return (context) => ((context[key] ?? []).length === 0) === absent;
};

const compilerOf =
  ({ operator, quantifier }: ReturnType<typeof parseOperator>): CompileKey =>
  (key, policyValues) =>
    compileKey(operator, quantifier, key, policyValues);

function compileKey(
  operator: Operator,
  quantifier: Quantifier,
  key: string,
  policyValues: readonly string[],
): ConditionTest {
  const matchers = policyValues.map((value) => operator.match(value));
  const holds = (value: string): boolean => matchers.some((matches) => matches(value)) !== operator.negated;
  return (context) => {
    const values = context[key] ?? [];
    switch (quantifier) {
      // An absent key satisfies ForAllValues: AWS documents this, and advises a Null check beside it.
      case 'ForAllValues':
        return values.every(holds);
      case 'ForAnyValue':
        return values.some(holds);
      case undefined:
        // A negated operator holds for an absent key; any other does not.
        return values.length === 0 ? operator.negated : values.every(holds);
    }
  };
}

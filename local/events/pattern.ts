// Owns whether an event matches the pattern of a rule: every field that the pattern names has one of the values it lists.
// Leaves to local/assembly what a pattern may hold. Source: EventBridge user guide, "Creating event patterns".
import type { EventPattern } from '../assembly/plan.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const matches = (pattern: EventPattern, event: Fields): boolean =>
  Object.entries(pattern).every(([field, expected]) => {
    const value = event[field];
    if (isList(expected)) return typeof value === 'string' && expected.includes(value);
    return typeof value === 'object' && value !== null && matches(expected, value as Fields);
  });

const isList = (expected: EventPattern[string]): expected is readonly string[] => Array.isArray(expected);

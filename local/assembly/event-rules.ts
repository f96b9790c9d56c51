// Owns the rules of EventBridge in a Region: which events each waits for.
// Leaves to local/events what matches, to alarms how often. What they hand on goes to a log group, which is not kept here.
import type { EventPattern, EventRulePlan } from './plan.ts';
import type { Resources } from './resources.ts';

/** @throws Error for a pattern with more than lists of text: prefixes, numbers and the like are not emulated */
export function readEventRules(resources: Resources): readonly EventRulePlan[] {
  return resources.ofType('AWS::Events::Rule').map(({ properties }) => {
    const pattern = properties.value('EventPattern') ?? {};
    if (!isPattern(pattern))
      throw new Error(`${properties.where}, property EventPattern: only lists of text are emulated`);
    return { name: properties.text('Name'), pattern };
  });
}

const isPattern = (value: unknown): value is EventPattern =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((one) =>
    Array.isArray(one) ? one.every((item) => typeof item === 'string') : isPattern(one),
  );

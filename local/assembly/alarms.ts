// Owns the list of alarms, read from their names: `baseload-<jurisdiction>-<slug>-<tier>`.
import type { AlarmPlan } from './plan.ts';
import type { Resources } from './resources.ts';

export function readAlarms(resources: Resources, jurisdiction: string): readonly AlarmPlan[] {
  return resources.ofType('AWS::CloudWatch::Alarm').map(({ properties, stack }) => {
    const name = properties.text('AlarmName');
    const [, slug, tier] = new RegExp(`^baseload-${jurisdiction}-(.+)-(P[012])$`).exec(name) ?? [];
    if (slug === undefined || tier === undefined)
      throw new Error(`${properties.where}: the name ${name} does not tell slug and tier`);
    return { name, slug, tier: tier as AlarmPlan['tier'], region: stack.region };
  });
}

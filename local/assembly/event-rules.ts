// Owns the rules of EventBridge in a Region, by name: alarms look at how often one was triggered.
// No rule is triggered here: they wait for events of AWS services that do not run here, as CodeDeploy's.
import type { Resources } from './resources.ts';

export function readEventRules(resources: Resources): readonly string[] {
  return resources.ofType('AWS::Events::Rule').map(({ properties }) => properties.text('Name'));
}

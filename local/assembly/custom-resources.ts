// Owns what only a custom resource's own function can say: until it has run, a plan holds a marker in its place.
// Leaves to local/region/custom-resources.ts the running; it happens at a Region's start, before its event sources.
import type { CustomResourcePlan, RegionPlan } from './plan.ts';

const MARKER = /\{\{custom:([^}]+)\.([A-Za-z0-9]+)\}\}/g;

export const customResourceId = (stackName: string, logicalId: string): string => `${stackName}/${logicalId}`;

/** Stands for `Fn::GetAtt logicalId.attribute`, also inside a longer text. */
export const customAttribute = (stackName: string, logicalId: string, attribute: string): string =>
  `{{custom:${customResourceId(stackName, logicalId)}.${attribute}}}`;

/** What each custom resource answered, by its id. */
export type CustomResourceData = ReadonlyMap<CustomResourcePlan['id'], Readonly<Record<string, string>>>;

/** The plan with every marker replaced. @throws Error naming an attribute that no function gave */
export function resolveCustomResources(plan: RegionPlan, data: CustomResourceData): RegionPlan {
  return replaceIn(plan, data) as RegionPlan;
}

function replaceIn(value: unknown, data: CustomResourceData): unknown {
  if (typeof value === 'string') {
    return value.replace(MARKER, (_marker, id: string, attribute: string) => {
      const found = data.get(id)?.[attribute];
      if (found === undefined) throw new Error(`custom resource ${id} gave no attribute ${attribute}`);
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((item) => replaceIn(item, data));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceIn(item, data)]));
}

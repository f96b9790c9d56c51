// Owns the rule that money data stays in its jurisdiction: no template names a Region outside it, for whatever purpose.
// AWS no longer enforces this: since September 2026 replicas and witness of one table may stand on different continents.
import { JURISDICTIONS, type Jurisdiction } from '../config.ts';
import type { TemplateRule } from './template-rule.ts';

/** Anything that reads like a Region, also inside an ARN, a hostname or an availability zone. */
const REGION_LIKE =
  /(?<![a-z0-9])(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-iso[a-z]?)?-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d(?![0-9])/g;

export const residencyRule = (jurisdiction: Jurisdiction): TemplateRule => {
  const allowed: readonly string[] = JURISDICTIONS[jurisdiction].allowed;
  return {
    id: 'residency',
    findingsOf: ({ logicalId, type, definition, stackPath, stackRegion }) => {
      const named = JSON.stringify(definition).match(REGION_LIKE) ?? [];
      const regions = new Set([...named, ...(stackRegion === undefined ? [] : [stackRegion])]);
      return [...regions]
        .filter((region) => !allowed.includes(region))
        .map(
          (region) =>
            `${stackPath}/${logicalId} (${type}) names ${region}, which is outside jurisdiction ${jurisdiction}: ` +
            `use one of ${allowed.join(', ')}`,
        );
    },
  };
};

// Owns how a rule of ours becomes a plugin of the synthesis: it sees every resource of every template as it will be deployed.
// Leaves to the other files of this folder what is wrong with one.
import { readFileSync } from 'node:fs';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';

export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  /** The whole resource as the template has it, intrinsics unresolved. */
  readonly definition: unknown;
  readonly stackPath: string;
  /** Undefined only for a stack whose Region is not known at synthesis. */
  readonly stackRegion: string | undefined;
}

export interface TemplateRule {
  /** In the report, and what an acknowledgment would name. */
  readonly id: string;
  /** What is wrong with the resource, each as a sentence that names what was found and what to do. */
  readonly findingsOf: (resource: TemplateResource) => readonly string[];
}

type Template = { readonly Resources?: Readonly<Record<string, { readonly Type: string }>> };

/** A plugin that fails the synthesis for every finding of its rules. */
export class TemplateRules implements IPolicyValidationPlugin {
  readonly ruleIds: string[];

  constructor(
    readonly name: string,
    private readonly rules: readonly TemplateRule[],
  ) {
    this.ruleIds = rules.map(({ id }) => id);
  }

  validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = stackTemplates.flatMap(({ templatePath, stackConstructPath, region }) => {
      const { Resources = {} } = JSON.parse(readFileSync(templatePath, 'utf8')) as Template;
      return Object.entries(Resources).flatMap(([logicalId, definition]) =>
        this.violationsOf(
          { logicalId, type: definition.Type, definition, stackPath: stackConstructPath, stackRegion: region },
          templatePath,
        ),
      );
    });
    return { success: violations.length === 0, violations };
  }

  private violationsOf(resource: TemplateResource, templatePath: string): PolicyViolation[] {
    return this.rules.flatMap(({ id, findingsOf }) =>
      findingsOf(resource).map((description) => ({
        ruleName: id,
        description,
        severity: 'error',
        violatingResources: [{ resourceLogicalId: resource.logicalId, templatePath, locations: ['Properties'] }],
      })),
    );
  }
}

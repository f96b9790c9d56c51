// Owns the resources of a set of stacks, by type, with what of them has been read.
// Leaves to the section files what a type means.
import type { AssembledStack, TemplateResource } from './cloud-assembly.ts';
import { customResourceId } from './custom-resources.ts';
import { IGNORED_ATTRIBUTES, IGNORED_TYPES } from './ignored.ts';
import { Scope } from './intrinsics.ts';
import { physicalIdentity } from './physical.ts';
import { Properties } from './properties.ts';

export interface Resource {
  /** `stack/logicalId`. */
  readonly id: string;
  readonly logicalId: string;
  readonly type: string;
  readonly stack: AssembledStack;
  readonly properties: Properties;
  /** How CloudFormation changes it; empty where the template does not say. What nobody reads of it means nothing here. */
  readonly updatePolicy: Properties;
  /** Its own `Ref` and attributes, as other resources see it. */
  readonly ref: () => string;
  readonly attribute: (name: string) => string;
}

/** Types that some section reads. */
const READ_TYPES = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CertificateManager::Certificate',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentConfig',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Events::Rule',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Route53::HealthCheck',
  'AWS::Route53::RecordSet',
  'AWS::S3::Bucket',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::EmailIdentity',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
]);

export const isCustom = (type: string): boolean => type.startsWith('Custom::');

export class Resources {
  private constructor(
    readonly stacks: readonly AssembledStack[],
    private readonly all: readonly Resource[],
  ) {}

  /** @throws Error for a type that no section reads and no reason excuses */
  static of(stacks: readonly AssembledStack[]): Resources {
    return new Resources(
      stacks,
      stacks.flatMap((stack) => {
        const scope = scopeOf(stack, stacks);
        return Object.entries(stack.template.Resources)
          .filter(([, resource]) => scope.holds(resource.Condition))
          .filter(([, resource]) => !(resource.Type in IGNORED_TYPES))
          .map(([logicalId, resource]) => describe(scope, logicalId, resource));
      }),
    );
  }

  in(region: string): Resources {
    return new Resources(
      this.stacks,
      this.all.filter(({ stack }) => stack.region === region),
    );
  }

  ofType(type: string): readonly Resource[] {
    return this.all.filter((resource) => resource.type === type);
  }

  custom(): readonly Resource[] {
    return this.all.filter(({ type }) => isCustom(type));
  }

  /** @throws Error with every property of every resource that was neither read nor is ignored */
  done(): void {
    const problems = this.all.flatMap(({ properties }) => {
      try {
        properties.done();
        return [];
      } catch (error) {
        return [error instanceof Error ? error.message : String(error)];
      }
    });
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }
}

function describe(scope: Scope, logicalId: string, resource: TemplateResource): Resource {
  const where = `stack ${scope.stack.name}, resource ${logicalId} (${resource.Type})`;
  if (!READ_TYPES.has(resource.Type) && !isCustom(resource.Type)) {
    throw new Error(
      `${where}: this type is not known to the emulators: read it in local/assembly, or put it on the list in ignored.ts with the reason`,
    );
  }
  const attributes = Object.keys(resource).filter(
    (name) => !['Type', 'Properties', 'Condition', ...IGNORED_ATTRIBUTES].includes(name),
  );
  if (attributes.length > 0)
    throw new Error(`${where}: attribute ${attributes.join(', ')} is not known to the emulators`);
  return {
    id: customResourceId(scope.stack.name, logicalId),
    logicalId,
    type: resource.Type,
    stack: scope.stack,
    properties: new Properties(scope, resource.Type, where, resource.Properties ?? {}),
    updatePolicy: new Properties(scope, resource.Type, where, resource.UpdatePolicy ?? {}, ['UpdatePolicy']),
    ref: () => physicalIdentity.refOf(scope, logicalId, resource),
    attribute: (name) => physicalIdentity.attributeOf(scope, logicalId, resource, name),
  };
}

/** CloudFormation exports belong to one account and Region. */
function scopeOf(stack: AssembledStack, stacks: readonly AssembledStack[]): Scope {
  return new Scope(stack, physicalIdentity, (name) => {
    for (const other of stacks.filter(({ region, account }) => region === stack.region && account === stack.account)) {
      const exporter = scopeOf(other, stacks);
      for (const output of Object.values(other.template.Outputs ?? {})) {
        if (output.Export !== undefined && exporter.text(output.Export.Name) === name)
          return exporter.text(output.Value);
      }
    }
    throw new Error(`Fn::ImportValue ${name}: no stack in ${stack.region} exports it`);
  });
}

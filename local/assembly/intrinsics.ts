// Owns CloudFormation's intrinsic functions: any value of a template becomes a concrete one, or an error that names it.
// Leaves to physical.ts what a resource's own id and attributes are here.
import type { AssembledStack, TemplateResource } from './cloud-assembly.ts';

/** `AWS::NoValue`: the property counts as not given. */
export const NO_VALUE = Symbol('AWS::NoValue');

export interface ResourceIdentity {
  /** What `Ref` gives. */
  refOf(scope: Scope, logicalId: string, resource: TemplateResource): string;
  /** What `Fn::GetAtt` gives. */
  attributeOf(scope: Scope, logicalId: string, resource: TemplateResource, attribute: string): string;
}

/** One stack's names, for resolving the values in it. */
export class Scope {
  constructor(
    readonly stack: AssembledStack,
    private readonly identity: ResourceIdentity,
    /** Exports of the same account and Region, by name. */
    private readonly importValue: (name: string) => string,
  ) {}

  /** @throws Error for an intrinsic, reference or attribute that is not known here */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only !== undefined && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
      return this.intrinsic(only[0], only[1]);
    }
    return Object.fromEntries(
      entries.map(([key, item]) => [key, this.resolve(item)] as const).filter(([, item]) => item !== NO_VALUE),
    );
  }

  /** A value that must come out as text. */
  text(value: unknown): string {
    const resolved = this.resolve(value);
    if (typeof resolved === 'string' || typeof resolved === 'number' || typeof resolved === 'boolean')
      return String(resolved);
    throw new Error(`${JSON.stringify(value)} is not text`);
  }

  /** Whether a resource or output with this condition exists. */
  holds(condition: string | undefined): boolean {
    return condition === undefined || this.truth({ Condition: condition });
  }

  private intrinsic(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.ref(String(argument));
      case 'Fn::GetAtt': {
        const [logicalId = '', ...path] = Array.isArray(argument)
          ? argument.map((part) => this.text(part))
          : String(argument).split('.');
        return this.attribute(logicalId, path.join('.'));
      }
      case 'Fn::Join': {
        const [separator, parts] = this.pair(argument);
        return this.list(parts)
          .map((part) => this.text(part))
          .join(String(separator));
      }
      case 'Fn::Split': {
        const [separator, text] = this.pair(argument);
        return this.text(text).split(String(separator));
      }
      case 'Fn::Select': {
        const [index, from] = this.pair(argument);
        const chosen = this.list(from)[Number(this.resolve(index))];
        if (chosen === undefined)
          throw new Error(`Fn::Select finds nothing at ${String(index)} of ${JSON.stringify(from)}`);
        return chosen;
      }
      case 'Fn::Sub':
        return this.substitute(argument);
      case 'Fn::ImportValue':
        return this.importValue(this.text(argument));
      case 'Fn::If': {
        const [condition, then, otherwise] = argument as readonly [string, unknown, unknown];
        return this.resolve(this.holds(condition) ? then : otherwise);
      }
      case 'Fn::FindInMap': {
        const [map, first, second] = (argument as readonly unknown[]).map((part) => this.text(part)) as [
          string,
          string,
          string,
        ];
        const found = this.stack.template.Mappings?.[map]?.[first]?.[second];
        if (found === undefined) throw new Error(`Fn::FindInMap finds nothing at ${map}.${first}.${second}`);
        return found;
      }
      default:
        throw new Error(`${name} is not known here: teach local/assembly/intrinsics.ts what it means`);
    }
  }

  private ref(name: string): unknown {
    const pseudo = this.pseudoParameter(name);
    if (pseudo !== undefined) return pseudo;
    const resource = this.stack.template.Resources[name];
    if (resource !== undefined) return this.identity.refOf(this, name, resource);
    const parameter = this.stack.template.Parameters?.[name];
    if (parameter?.Default !== undefined && !parameter.Type.startsWith('AWS::SSM::')) return parameter.Default;
    throw new Error(`Ref ${name} is neither a resource nor a parameter with a default`);
  }

  private pseudoParameter(name: string): unknown {
    const { region, account, name: stackName } = this.stack;
    switch (name) {
      case 'AWS::Region':
        return region;
      case 'AWS::AccountId':
        return account;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return stackName;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/local`;
      case 'AWS::NoValue':
        return NO_VALUE;
      default:
        return undefined;
    }
  }

  private attribute(logicalId: string, attribute: string): string {
    const resource = this.stack.template.Resources[logicalId];
    if (resource === undefined) throw new Error(`Fn::GetAtt ${logicalId}.${attribute}: there is no such resource`);
    return this.identity.attributeOf(this, logicalId, resource, attribute);
  }

  private substitute(argument: unknown): string {
    const [text, own] = Array.isArray(argument)
      ? (argument as [string, Record<string, unknown>])
      : [String(argument), {}];
    return text.replace(/\$\{([^}]+)\}/g, (_all, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (Object.hasOwn(own, name)) return this.text(own[name]);
      const dot = name.indexOf('.');
      return dot < 0 ? this.text({ Ref: name }) : this.attribute(name.slice(0, dot), name.slice(dot + 1));
    });
  }

  /** The value of a condition function. */
  private truth(value: unknown): boolean {
    const [name = '', argument] = Object.entries(value as Record<string, unknown>)[0] ?? [];
    switch (name) {
      case 'Condition': {
        const definition = this.stack.template.Conditions?.[String(argument)];
        if (definition === undefined) throw new Error(`condition ${String(argument)} is not defined`);
        return this.truth(definition);
      }
      case 'Fn::Equals': {
        const [left, right] = argument as readonly unknown[];
        return this.text(left) === this.text(right);
      }
      case 'Fn::And':
        return (argument as readonly unknown[]).every((part) => this.truth(part));
      case 'Fn::Or':
        return (argument as readonly unknown[]).some((part) => this.truth(part));
      case 'Fn::Not':
        return !this.truth((argument as readonly unknown[])[0]);
      default:
        throw new Error(`condition function ${name} is not known here`);
    }
  }

  private pair(argument: unknown): readonly [unknown, unknown] {
    if (Array.isArray(argument) && argument.length === 2) return argument as [unknown, unknown];
    throw new Error(`expected two arguments, got ${JSON.stringify(argument)}`);
  }

  private list(value: unknown): readonly unknown[] {
    const resolved = this.resolve(value);
    if (Array.isArray(resolved)) return resolved;
    throw new Error(`expected a list, got ${JSON.stringify(value)}`);
  }
}

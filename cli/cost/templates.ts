// Owns what a cloud assembly declares, as far as it costs something: its resources, and what they name of each other.
// Leaves to idle.ts and payments.ts what follows from them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../failures.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

type Template = Readonly<Record<string, Resource>>;

interface Manifest {
  readonly artifacts: Readonly<
    Record<string, { readonly type: string; readonly properties?: { readonly templateFile?: string } }>
  >;
}

/** A resource and the template it stands in. */
export interface Placed {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly template: Template;
}

export class Templates {
  private constructor(private readonly templates: readonly Template[]) {}

  /** @throws UsageError when there is no assembly in `directory` */
  static read(directory: string): Templates {
    try {
      const { artifacts } = json<Manifest>(join(directory, 'manifest.json'));
      const files = Object.values(artifacts).flatMap(({ type, properties }) =>
        type === 'aws:cloudformation:stack' && properties?.templateFile !== undefined ? [properties.templateFile] : [],
      );
      return new Templates(files.map((file) => json<{ Resources: Template }>(join(directory, file)).Resources));
    } catch (cause) {
      throw new UsageError(`no cloud assembly in ${directory}: make one with npx cdk synth --output ${directory}`, {
        cause,
      });
    }
  }

  of(type: string): readonly Placed[] {
    return this.templates.flatMap((template) =>
      Object.values(template)
        .filter((resource) => resource.Type === type)
        .map(({ Properties }) => ({ properties: Properties, template })),
    );
  }

  count(type: string): number {
    return this.of(type).length;
  }

  /** Of all Regions alike. @throws Error when there is none of that name */
  functionNamed(name: string): Readonly<Record<string, unknown>> {
    const found = this.of('AWS::Lambda::Function').find(({ properties }) => properties.FunctionName === name);
    if (found === undefined) throw new Error(`the assembly has no function ${name}`);
    return found.properties;
  }

  /** Of the ledger, the one table with a witness, which costs nothing itself. @throws Error when there is none */
  ledgerReplicas(): number {
    const ledger = this.of('AWS::DynamoDB::GlobalTable').find(({ properties }) => 'GlobalTableWitnesses' in properties);
    if (ledger === undefined) throw new Error('the assembly has no table with a witness');
    return (ledger.properties.Replicas as readonly unknown[]).length;
  }
}

/** The name of the function that an alias belongs to, the alias being named as `{ Ref }` in its own template. */
export const functionOfAlias = (alias: unknown, template: Template): string => {
  const properties = template[refOf(alias)]?.Properties;
  return String(template[refOf(properties?.FunctionName)]?.Properties.FunctionName);
};

const refOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'Ref' in value ? String(value.Ref) : '';

const json = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

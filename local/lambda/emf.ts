// Owns reading metrics out of log lines in CloudWatch's embedded metric format.
// Source: CloudWatch user guide, "Specification: Embedded metric format".

export interface MetricDatum {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  readonly atMs: number;
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[];
}

/** The data in a line, one per metric and dimension set; undefined when the line is no metric document. */
export function parseEmf(line: string): readonly MetricDatum[] | undefined {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return undefined;
  const document = parseObject(line);
  const aws = document?._aws as
    | { readonly Timestamp: number; readonly CloudWatchMetrics: readonly Directive[] }
    | undefined;
  if (document === undefined || aws?.CloudWatchMetrics === undefined) return undefined;
  return aws.CloudWatchMetrics.flatMap((directive) =>
    directive.Dimensions.flatMap((names) =>
      directive.Metrics.map(({ Name, Unit }) => ({
        namespace: directive.Namespace,
        name: Name,
        unit: Unit ?? 'None',
        dimensions: Object.fromEntries(names.map((name) => [name, String(document[name])])),
        values: [document[Name]].flat().map(Number),
        atMs: aws.Timestamp,
      })),
    ),
  );
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

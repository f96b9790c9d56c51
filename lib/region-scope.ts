// Owns what every construct of a Region stack needs to know: where it is, which key is its own, what the config says.
// Leaves to the constructs what they make of it.
import { Fn, type Stack } from 'aws-cdk-lib';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Slug } from '../lambdas/shared/names.ts';
import type { BaseloadConfig } from './config.ts';
import { keyArnExport } from './names.ts';

/** What the code of a capability is: its bundle, or for templates only a line that refuses to run. */
export type CodeOf = (slug: Slug) => Code;

export interface RegionScope {
  readonly stack: Stack;
  readonly region: string;
  /** The other Region of the jurisdiction: only ever a name, never a reference. */
  readonly peer: string;
  readonly config: BaseloadConfig;
  readonly key: IKey;
  readonly codeOf: CodeOf;
}

/** The key of the stack's own Region, through the export of its keys stack. */
export const ownKey = (stack: Stack, config: BaseloadConfig): IKey =>
  Key.fromKeyArn(stack, 'OwnKey', Fn.importValue(keyArnExport(config.jurisdiction)));

/** The Region of `config` that is not `region`. @throws Error when `region` is not in the config. */
export const peerOf = (region: string, { regions }: BaseloadConfig): string => {
  const peer = regions.find((one) => one !== region);
  if (!(regions as readonly string[]).includes(region) || peer === undefined) {
    throw new Error(
      `${region} is not a Region of the config (${regions.join(', ')}): a Region stack is made for one of them`,
    );
  }
  return peer;
};

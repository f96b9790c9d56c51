// Owns how a finding of a rule pack is accepted: on one construct, for one rule, with the reason that makes it right.
// Leaves to test/infra that each acknowledgment is still needed and that their list is short.
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { BaseloadConfig } from './config.ts';

export const acknowledge = (construct: IConstruct, id: string, reason: string): void => {
  Validations.of(construct).acknowledge({ id, reason });
};

/** As it stands in a finding: a pseudo parameter where the stacks are for whichever account deploys. */
export const accountInFindings = ({ account }: Pick<BaseloadConfig, 'account'>): string =>
  account ?? '<AWS::AccountId>';

// Owns which rules every synthesis must pass: cdk-nag, our own on the ledger and on residency, and those of CDK itself.
// Leaves the rules to their files, and the strictness of CloudFormation Validate to the context in cdk.json.
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Jurisdiction } from './config.ts';
import { LEDGER_RULES } from './rules/ledger-rules.ts';
import { residencyRule } from './rules/residency.ts';
import { TemplateRules } from './rules/template-rule.ts';

export const addChecks = (app: App, jurisdiction: Jurisdiction): void => {
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app, { verbose: true }),
    new TemplateRules('Baseload', [residencyRule(jurisdiction), ...LEDGER_RULES]),
  );
};

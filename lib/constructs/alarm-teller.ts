// Owns the function that alarms tell and that tells people: who may call it, and what becomes of a page it cannot make (D22).
// Leaves to lib/alarms/telling.ts which alarms tell it, to lambdas/enrich-alarm what it says.
import { Aws, Duration } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, EventInvokeConfig, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { SnsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { RegionScope } from '../region-scope.ts';
import { BillingFunction } from './billing-function.ts';
import { grantsOf } from './function-grants.ts';
import { acknowledgeSeeingAlarms } from './paging-grants.ts';

export interface AlarmTellerProps {
  readonly scope: RegionScope;
  /** Where a page goes that could not be made, as CloudWatch sent it: to those who are woken. */
  readonly failedPages: ITopic;
}

/** Lambda tries twice more, after one and two minutes; what is older than that is told as it is. */
const RETRIES = 2;
const MAX_AGE = Duration.minutes(10);

export class AlarmTeller extends Construct {
  constructor(parent: Construct, id: string, { scope, failedPages }: AlarmTellerProps) {
    super(parent, id);
    const teller = new BillingFunction(this, 'Default', {
      scope,
      slug: 'enrich-alarm',
      grants: grantsOf(scope, 'enrich-alarm'),
    });
    const { alias, fn } = teller;
    acknowledgeSeeingAlarms(teller, scope);
    // One for all alarms: with one for each, the function's policy would be larger than Lambda takes.
    new CfnPermission(this, 'CalledByAlarms', {
      action: 'lambda:InvokeFunction',
      functionName: alias.functionArn,
      principal: new ServicePrincipal('lambda.alarms.cloudwatch.amazonaws.com').service,
      sourceAccount: Aws.ACCOUNT_ID,
    });
    new EventInvokeConfig(this, 'Tries', {
      function: fn as IFunction,
      qualifier: alias.aliasName,
      retryAttempts: RETRIES,
      maxEventAge: MAX_AGE,
      onFailure: new SnsDestination(failedPages),
    });
  }
}

// Owns how it becomes known that CodeDeploy stopped a deployment or gave it up: a rule that counts such events, and their log.
// Leaves to canary.ts what makes it stop, to the alarm deployment-rolled-back that somebody is told.
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, ResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { BaseloadConfig } from '../config.ts';
import { codeDeployApplicationName, rollbacksRuleName } from '../names.ts';

export interface RollbacksProps {
  readonly config: BaseloadConfig;
  readonly key: IKey;
}

export class Rollbacks extends Construct {
  constructor(parent: Construct, id: string, { config, key }: RollbacksProps) {
    super(parent, id);
    const { jurisdiction, logRetentionDays } = config;
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/baseload-${jurisdiction}-rollbacks`,
      retention: logRetentionDays,
      encryptionKey: key,
      // Says which deployment stopped when; a kept group would block the name when the stack is made again.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const policy = new ResourcePolicy(this, 'EventsMayWrite', {
      resourcePolicyName: `baseload-${jurisdiction}-rollbacks`,
      policyStatements: [
        new PolicyStatement({
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [log.logGroupArn],
        }),
      ],
    });
    const rule = new CfnRule(this, 'Rule', {
      name: rollbacksRuleName(jurisdiction),
      description: 'Deployments of Baseload that CodeDeploy stopped or gave up',
      eventPattern: {
        source: ['aws.codedeploy'],
        'detail-type': ['CodeDeploy Deployment State-change Notification'],
        detail: { application: [codeDeployApplicationName(jurisdiction)], state: ['FAILURE', 'STOP'] },
      },
      // EventBridge takes a log group without the `:*` that ARNs of log groups end with.
      targets: [
        {
          id: 'Log',
          arn: Stack.of(this).formatArn({ service: 'logs', resource: `log-group:${log.logGroupName}` }),
        },
      ],
    });
    rule.node.addDependency(log, policy);
  }
}

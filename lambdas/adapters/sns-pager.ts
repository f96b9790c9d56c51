// Owns pages through SNS: one topic a tier, the text for people, attributes for programs.
// Leaves to the topics who is told.
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Page, Pager } from '../ports/pager.ts';
import { AWS_TIMING } from '../shared/policies.ts';
import { type AwsClientOptions, awsClientConfig } from './aws-client.ts';
import { within } from './deadlines.ts';

export const createSnsClient = (options: AwsClientOptions): SNSClient => new SNSClient(awsClientConfig(options));

export class SnsPager implements Pager {
  constructor(
    private readonly client: SNSClient,
    private readonly topicArn: (tier: Page['tier']) => string,
  ) {}

  async publish({ tier, subject, text, attributes }: Page): Promise<void> {
    const command = new PublishCommand({
      TopicArn: this.topicArn(tier),
      Subject: subject,
      Message: text,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    });
    await within(AWS_TIMING.callDeadlineMs, (abortSignal) => this.client.send(command, { abortSignal }));
  }
}

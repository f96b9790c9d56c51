// Owns the marks of sent mails beside the profiles: an item a notice, without any address, replicated to the other Region.
// Leaves to DynamoDB's TTL to remove them.
import { type SentMails, SentMailsUnavailable } from '../../ports/sent-mails.ts';
import { MAIL_MARK_PREFIX, MAIL_MARK_TTL } from '../../shared/names.ts';
import type { Dynamo, RequestFailed } from './client.ts';

/** Three days of tries, up to 14 in a dead-letter queue, and as long again for whoever redrives late. */
const KEPT_SECONDS = 30 * 86_400;

const keyOf = (noticeId: string) => ({ pk: { S: `${MAIL_MARK_PREFIX}${noticeId}` } });
const unavailable = (cause: RequestFailed) => new SentMailsUnavailable(cause.message, { cause });

export class DynamoSentMails implements SentMails {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async has(noticeId: string): Promise<boolean> {
    const { Item } = await this.dynamo.call(unavailable, (call) =>
      call.get({ TableName: this.table, Key: keyOf(noticeId), ConsistentRead: true }),
    );
    return Item !== undefined;
  }

  async remember(noticeId: string, nowMs: number): Promise<void> {
    const expiresAt = { N: String(Math.floor(nowMs / 1000) + KEPT_SECONDS) };
    await this.dynamo.call(unavailable, (call) =>
      call.put({ TableName: this.table, Item: { ...keyOf(noticeId), [MAIL_MARK_TTL]: expiresAt } }),
    );
  }
}

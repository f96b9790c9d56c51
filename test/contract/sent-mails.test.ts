import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { DynamoSentMails } from '../../lambdas/adapters/dynamo/sent-mails.ts';
import { MemorySentMails } from '../../lambdas/adapters/memory/sent-mails.ts';
import type { SentMails } from '../../lambdas/ports/sent-mails.ts';
import { rawClient, TABLES } from '../engine/tables.ts';
import { onDynamo } from './on-dynamo.ts';

/** 2026-11-02T12:00:00.000Z */
const NOW_MS = 1_793_620_800_000;

const contract = (open: () => SentMails): void => {
  test('a mail is known once it is remembered, however often, and no other is', async () => {
    const mails = open();
    expect(await mails.has('one')).toBe(false);
    await mails.remember('one', NOW_MS);
    await mails.remember('one', NOW_MS);
    expect([await mails.has('one'), await mails.has('two')]).toEqual([true, false]);
  });
};

describe('sent mails in memory', () => {
  const memory = new MemorySentMails();
  contract(() => memory);
});

describe('sent mails on dynamo', () => {
  const on = onDynamo();
  const open = () => new DynamoSentMails(on.dynamo, TABLES.profiles);
  contract(open);

  test('the mark goes after 30 days, and says nothing but the id', async () => {
    await open().remember('three', NOW_MS);
    const client = rawClient(on.engine.endpoint);
    const { Item } = await client.send(
      new GetItemCommand({ TableName: TABLES.profiles, Key: { pk: { S: 'mail#three' } } }),
    );
    client.destroy();
    expect(Item).toEqual({ pk: { S: 'mail#three' }, expiresAt: { N: '1796212800' } });
  });

  test('a refusal comes as SentMailsUnavailable', async () => {
    on.proxy.next('GetItem', { kind: 'refuse', exception: 'AccessDeniedException', message: 'not yours' });
    await expect(open().has('one')).rejects.toMatchObject({ name: 'SentMailsUnavailable' });
  });
});

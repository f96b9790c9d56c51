// Owns what every store of facts must do for whoever looks at it as it is and puts things back.
// Leaves to the adapters' tests how a damaged item gets into their store.
import { expect, test } from '@jest/globals';
import { storeFact } from '../../lambdas/adapters/stored-fact.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { keyOf } from '../../lambdas/domain/keys.ts';
import type { SoundCopy } from '../../lambdas/domain/verify-account.ts';
import type { FactCopies } from '../../lambdas/ports/fact-copies.ts';
import { account, opened, paid } from './facts.ts';

export interface CopiesUnderTest {
  readonly copies: FactCopies;
  /** Puts the facts there as their writer does. */
  hold(facts: readonly Fact[]): Promise<void>;
  /** Behind everybody's back; a value of undefined removes the item. */
  overwrite(fact: Fact, attributes: { readonly body: string } | undefined): Promise<void>;
}

export const soundCopy = (fact: Fact): SoundCopy => {
  const { body, sum } = storeFact(fact);
  return { kind: 'sound', fact, body, sum };
};

export const factCopiesContract = (given: () => CopiesUnderTest): void => {
  const held = async (id: string) => given().copies.account(account(id), 'strong');

  test('an account is shown by key, its damaged items too', async () => {
    const payment = paid('us_shown', 'b');
    await given().hold([payment, opened('us_shown')]);
    await given().overwrite(payment, { body: '{}' });
    const items = await held('us_shown');
    expect(items.map(({ key, copy }) => [key, copy.kind])).toEqual([
      ['a#000', 'sound'],
      [keyOf(payment), 'corrupt'],
    ]);
    expect(items[1]?.copy).toEqual({ kind: 'corrupt', reason: 'its checksum does not match its body' });
    expect([await given().copies.has(account('us_shown')), await given().copies.has(account('us_nobody'))]).toEqual([
      true,
      false,
    ]);
  });

  test('what was damaged is put back, byte for byte, if it is still what was seen', async () => {
    const payment = paid('us_mended', 'b');
    await given().hold([payment]);
    const [before] = await held('us_mended');
    await given().overwrite(payment, { body: 'wrong' });
    const [damaged] = await held('us_mended');
    const restore = (seen: typeof damaged) =>
      given().copies.restore(payment.accountId, keyOf(payment), soundCopy(payment), seen?.seen);
    expect(await restore(before)).toBe(false);
    expect((await held('us_mended'))[0]?.copy.kind).toBe('corrupt');
    expect(await restore(damaged)).toBe(true);
    expect(await held('us_mended')).toEqual([before]);
    expect(await restore(damaged)).toBe(false);
  });

  test('what is gone is put back only while nothing is there', async () => {
    const payment = paid('us_gone', 'b');
    await given().hold([payment]);
    const before = await held('us_gone');
    const restore = () => given().copies.restore(payment.accountId, keyOf(payment), soundCopy(payment), undefined);
    expect(await restore()).toBe(false);
    await given().overwrite(payment, undefined);
    expect(await restore()).toBe(true);
    expect(await held('us_gone')).toEqual(before);
  });

  test('pages lead past every account', async () => {
    for (const id of ['us_p1', 'us_p2', 'us_p3']) await given().hold([opened(id), paid(id, 'b')]);
    const seen = new Set<string>();
    let next: { cursor?: string } | undefined = {};
    while (next !== undefined) {
      const page: Awaited<ReturnType<FactCopies['accounts']>> = await given().copies.accounts({ limit: 2, ...next });
      for (const id of page.accounts) seen.add(id);
      next = page.cursor === undefined ? undefined : { cursor: page.cursor };
    }
    expect([...seen]).toEqual(expect.arrayContaining(['us_p1', 'us_p2', 'us_p3']));
    expect([...seen].every((id) => id.startsWith('us_'))).toBe(true);
  });
};

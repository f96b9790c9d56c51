// Owns the proof that this version and the one before read each other's facts, messages, rows, seals, positions and cursors, that this
// one takes the other's config files, and that a change which breaks that is seen.
// Leaves to test/proofs/two-versions.test.ts handlers of both versions beside each other.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { incompatibilities } from './forms.ts';
import { type Forms, PREVIOUS_CONFIGS, previousVersion, thisVersion } from './versions.ts';
import { factsBy } from './written.ts';

const before = previousVersion();
let now: Forms;
beforeAll(async () => {
  now = await thisVersion();
}, 60_000);

describe('this version and the one before', () => {
  test('this one reads what the one before writes', () => {
    expect(incompatibilities(before, now)).toEqual([]);
  });

  test('the one before reads what this one writes', () => {
    expect(incompatibilities(now, before)).toEqual([]);
  });

  test.each(PREVIOUS_CONFIGS)('this one takes its $name', ({ file }) => {
    expect(() => now.readConfig(file)).not.toThrow();
  });

  test('facts of every type are among what is exchanged', () => {
    expect([...new Set(factsBy(now).map(({ type }) => type))].sort()).toEqual([
      'AccountAdjusted',
      'AccountOpened',
      'BillIssued',
      'BillReissued',
      'ChargeStarted',
      'CreditNoteIssued',
      'DifferenceFound',
      'FactRepaired',
      'FactReversed',
      'PaymentAccepted',
      'PaymentDeclined',
      'PaymentRefunded',
      'PaymentSettled',
      'RefundFailed',
      'RefundSettled',
      'RefundStarted',
    ]);
  });
});

describe('a change that the one before could not live with is seen:', () => {
  const changed = async (file: string, find: string, replace: string): Promise<Forms> =>
    thisVersion([{ file, find, replace }]);

  test('a field of a fact has another name', async () => {
    const renamed = await thisVersion([
      {
        file: 'lambdas/domain/decide-account.ts',
        find: 'timeZone: command.timeZone',
        replace: 'zone: command.timeZone',
      },
      { file: 'lambdas/domain/fact-shape.ts', find: '{ timeZone: anyText }', replace: '{ zone: anyText }' },
    ]);
    const refused = /^fact AccountOpened at a#000: .*field (timeZone|zone) is missing, unknown or malformed/;
    expect(incompatibilities(renamed, before)).toContainEqual(expect.stringMatching(refused));
    expect(incompatibilities(before, renamed)).toContainEqual(expect.stringMatching(refused));
  }, 60_000);

  test('a fact has a field more', async () => {
    const more = await changed(
      'lambdas/domain/decide-payment.ts',
      "type: 'PaymentDeclined',",
      "type: 'PaymentDeclined', by: 'bank',",
    );
    expect(incompatibilities(more, before)).toContainEqual(
      expect.stringMatching(/^fact PaymentDeclined at .*field by is missing, unknown/),
    );
  }, 60_000);

  test('a message has another shape', async () => {
    const nested = await changed('lambdas/shared/messages.ts', "kind: 'seal', bucket", "kind: 'seal/2', bucket");
    expect(incompatibilities(nested, before)).toEqual(['message on archive: read as something else']);
    expect(incompatibilities(before, nested)).toEqual([]);
  }, 60_000);

  test('rows of a view are summed in another way', async () => {
    const other = await changed(
      'lambdas/adapters/view-rows.ts',
      "add(monthKey, 'total', change)",
      "add(monthKey, 'net', change)",
    );
    expect(incompatibilities(other, before)).toContain('sums of a view: read as something else');
  }, 60_000);

  test('a key of the config is required', async () => {
    const strict = await changed('lib/config.ts', 'runbookBaseUrl: z', 'onCallRota: z.string(), runbookBaseUrl: z');
    expect(() => strict.readConfig(PREVIOUS_CONFIGS[0]?.file ?? '')).toThrow(/onCallRota/);
  }, 60_000);
});

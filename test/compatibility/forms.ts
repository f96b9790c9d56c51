// Owns what one version must be able to do with what another wrote: read it, mean the same by it, and write it again as it was.
// Leaves to the tests which two versions are held to each other.
import { isDeepStrictEqual } from 'node:util';
import { accountId, period } from '../../lambdas/domain/ids.ts';
import { must } from '../domain/commands.ts';
import type { Forms } from './versions.ts';
import { factsBy, sealBy } from './written.ts';

const US_1001 = must(accountId('us_1001'));

/** One sentence for each thing that `writer` wrote and `reader` does not take for the same; none when they get along. */
export const incompatibilities = (writer: Forms, reader: Forms): readonly string[] => {
  const problems: string[] = [];
  const same = (what: string, written: () => unknown, read: () => unknown): void => {
    try {
      if (!isDeepStrictEqual(plain(read()), plain(written()))) problems.push(`${what}: read as something else`);
    } catch (cause) {
      problems.push(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  };
  const facts = factsBy(writer);
  const [opened, paid] = facts;
  if (opened === undefined || paid === undefined) throw new Error('the writer wrote no facts');
  for (const fact of facts) {
    const stored = writer.storeFact(fact);
    const name = `fact ${fact.type} at ${stored.sk}`;
    same(
      name,
      () => fact,
      () => reader.loadFact(stored),
    );
    same(
      `${name}, written again`,
      () => stored,
      () => reader.storeFact(reader.loadFact(stored)),
    );
    same(
      `${name}, in a view`,
      () => writer.viewFact(fact),
      () => reader.viewFact(fact),
    );
    same(
      `${name}, looked for by its day`,
      () => writer.dayRowOf(fact),
      () => reader.dayRowOf(fact),
    );
    if (isAnswered(fact.type))
      same(
        `answer to ${name}`,
        () => writer.created(fact),
        () => reader.created(fact),
      );
  }
  // Two Regions at different versions must hold the same rows.
  same(
    'sums of a view',
    () => writer.additionsOf(facts),
    () => reader.additionsOf(facts),
  );
  same(
    'open work of a view',
    () => writer.openWorkAdditionsOf(facts),
    () => reader.openWorkAdditionsOf(facts),
  );

  const key = writer.keyOf(paid);
  const position = writer.encodePosition(paid.accountId, key);
  same(
    'position',
    () => ({ accountId: paid.accountId, key }),
    () => reader.decodePosition(position),
  );
  const range = { from: 'p#', to: 'p$' };
  same(
    'cursor',
    () => key,
    () => reader.fromCursor(writer.toCursor(key), range),
  );
  const body = { amountMinor: 1_000, method: 'card' };
  same(
    'fingerprint',
    () => true,
    () => reader.matchesFingerprint(writer.fingerprint(body), body),
  );

  for (const isSwept of [true, false]) {
    const settlement = { accountId: US_1001, stream: paid.stream, ...(isSwept && { isSwept }) };
    same(
      'message on settlements',
      () => settlement,
      () => reader.decodeSettlement(writer.encodeSettlement(settlement)),
    );
  }
  for (const channel of [undefined, 'email', 'webhook'] as const) {
    const notice = { accountId: paid.accountId, key, position, ...(channel === undefined ? {} : { channel }) };
    same(
      'message on notices',
      () => notice,
      () => reader.decodeNotice(writer.encodeNotice(position, channel)),
    );
  }
  const run = { accountId: US_1001, period: must(period('2026-10')) };
  same(
    'message on bill-runs',
    () => run,
    () => reader.decodeBillRun(writer.encodeBillRun(run)),
  );
  same(
    'message on archive',
    () => ({ bucket: 7, ordinal: 12 }),
    () => reader.decodeArchive(writer.encodeArchive(7, 12)),
  );

  const seal = sealBy(writer, facts);
  same(
    'seal',
    () => seal,
    () => reader.decodeSeal(writer.encodeSeal(seal)),
  );
  same(
    'chain of seals',
    () => writer.headAfter(seal),
    () => reader.headAfter(reader.decodeSeal(writer.encodeSeal(seal))),
  );
  same(
    'digest of a seal',
    () => seal.digest,
    () => reader.sealDigest(seal.members),
  );
  same(
    'name of an archived seal',
    () => writer.objectKey(7, 12),
    () => reader.objectKey(7, 12),
  );
  same(
    'archived seal',
    () => ({ seal, members: seal.members.length }),
    () => {
      const read = reader.readArchivedText(seal.bucket, seal.ordinal, writer.archivedText({ seal, facts }));
      return { seal: read.seal, members: read.facts.length };
    },
  );
  return problems;
};

/** What workers record is answered to nobody. */
const isAnswered = (type: string): boolean =>
  ['AccountOpened', 'BillIssued', 'BillReissued', 'PaymentAccepted', 'PaymentRefunded', 'AccountAdjusted'].includes(
    type,
  );

/** Two bundles have classes of their own: what is compared is what is in them. Undefined members are no members. */
const plain = (value: unknown): unknown => {
  if (value instanceof Map) return [...value].map(([key, member]) => [key, plain(member)]).sort();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, plain(member)]),
  );
};

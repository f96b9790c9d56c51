// Owns what a DNS query is answered with, as data: CNAME chains ending in an address, and the refusals.
// Leaves to answer.ts which record is chosen and to dns-server.ts the sockets.
import { type Answer, AUTHORITATIVE_ANSWER, type Packet, type Question, type StringAnswer } from 'dns-packet';
import { chaseRecords, type ZoneView } from './answer.ts';

/** RFC 1035 §4.1.1, the low four bits of the flags. */
const RCODE = { ok: 0, nameError: 3, notImplemented: 4, refused: 5 } as const;

/** API Gateway's own names are answered with this TTL by AWS. */
const TARGET_TTL_SECONDS = 60;
const NEGATIVE_TTL_SECONDS = 5;

export interface Zone extends ZoneView {
  /** The hosted zone: the longest ending that all record names share. */
  readonly apex: string;
  /** Names outside the zone that a chain may end in; each is this machine. */
  readonly targets: ReadonlySet<string>;
}

const normalized = (name: string): string => name.replace(/\.$/, '').toLowerCase();

/** `us.example.com` of `api.us.example.com` and `us-east-1.api.us.example.com`; a single name loses its first label. */
export const apexOf = (names: readonly string[]): string => {
  const [first = [], ...others] = names.map((name) => normalized(name).split('.').reverse());
  const differs = first.findIndex((label, index) => others.some((labels) => labels[index] !== label));
  const shared = differs === -1 ? first : first.slice(0, differs);
  const owned = names.some((name) => normalized(name) === [...shared].reverse().join('.'))
    ? shared.slice(0, -1)
    : shared;
  return owned.reverse().join('.');
};

const addressOf = (name: string): StringAnswer => ({
  type: 'A',
  name,
  ttl: TARGET_TTL_SECONDS,
  class: 'IN',
  data: '127.0.0.1',
});

const answersFor = (zone: Zone, question: Question): readonly Answer[] | undefined => {
  const name = normalized(question.name);
  if (zone.targets.has(name)) return question.type === 'A' ? [addressOf(name)] : [];
  const chain = chaseRecords(zone, name);
  if (chain.length === 0) return undefined;
  const links = chain.map(
    (record): StringAnswer => ({
      type: 'CNAME',
      name: record.name,
      ttl: record.ttlSeconds,
      class: 'IN',
      data: record.target,
    }),
  );
  if (question.type === 'CNAME') return links.slice(0, 1);
  const last = normalized(chain.at(-1)?.target ?? '');
  // A chain is complete in one answer: Node's resolve4 does not chase a lone CNAME.
  return question.type === 'A' && zone.targets.has(last) ? [...links, addressOf(last)] : links;
};

const soaOf = (apex: string): Answer => ({
  type: 'SOA',
  name: apex,
  ttl: NEGATIVE_TTL_SECONDS,
  class: 'IN',
  data: {
    mname: `ns.${apex}`,
    rname: `hostmaster.${apex}`,
    serial: 1,
    refresh: 7200,
    retry: 900,
    expire: 1_209_600,
    minimum: NEGATIVE_TTL_SECONDS,
  },
});

/** The whole answer to a decoded query. Names outside the zone are refused, as Route 53 does for zones it does not host. */
export const replyTo = (zone: Zone, query: Packet): Packet => {
  const question = query.questions?.[0];
  const reply = (rcode: number, answers: readonly Answer[], authorities: readonly Answer[]): Packet => ({
    type: 'response',
    id: query.id ?? 0,
    flags: AUTHORITATIVE_ANSWER | ((query.flags ?? 0) & 0x0100) | rcode,
    questions: query.questions ?? [],
    answers: [...answers],
    authorities: [...authorities],
  });
  if (question === undefined) return reply(RCODE.notImplemented, [], []);
  const answers = answersFor(zone, question);
  if (answers !== undefined) return reply(RCODE.ok, answers, answers.length === 0 ? [soaOf(zone.apex)] : []);
  const name = normalized(question.name);
  const isInside = name === zone.apex || name.endsWith(`.${zone.apex}`);
  return isInside ? reply(RCODE.nameError, [], [soaOf(zone.apex)]) : reply(RCODE.refused, [], []);
};

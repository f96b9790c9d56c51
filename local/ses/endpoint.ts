// Owns a Region's SES endpoint: SendEmail of the v2 API with simple content, as today's SDK speaks it (REST, JSON).
// Leaves to outbox.ts the mails, to local/iam how policies are evaluated. Identities count as verified; nobody is written to.
// Source: SES v2 API reference, SendEmail; service authorization reference, "Actions defined by Amazon SES v2".
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { RegionPlan } from '../assembly/plan.ts';
import { answer, parseBody, type Reply } from '../dynamodb/protocol.ts';
import { startWireServer, type WireServer } from '../dynamodb/wire-server.ts';
import { type Guard, type GuardedEndpoint, guardOf } from '../iam/guard.ts';
import { appendMail } from './outbox.ts';

export interface SesOptions extends GuardedEndpoint {
  readonly plan: GuardedEndpoint['plan'] & Pick<RegionPlan, 'mail'>;
  readonly dataDir: string;
  readonly port: number;
  readonly nowMs: () => number;
}

const SEND = 'POST /v2/email/outbound-emails';
/** SES: recipients of one mail. */
const MAX_RECIPIENTS = 50;

/** Headers that SES writes itself or that change the way of a mail (SES developer guide, "Header fields"). */
const RESERVED_HEADER = /^(bcc|cc|from|to|subject|sender|reply-to|date|message-id|mime-version|content-.*)$/i;

const text = z.strictObject({ Data: z.string().min(1), Charset: z.string().optional() });
const named = z.array(
  z.strictObject({ Name: z.string().regex(/^[!-9;-~]{1,126}$/), Value: z.string().min(1).max(870) }),
);
const tags = z.array(z.strictObject({ Name: z.string(), Value: z.string() }).check(z.refine(isTag)));

/** Strict: what is not imitated here is refused and not left out of a mail in silence. */
const sendEmail = z.strictObject({
  FromEmailAddress: z.email(),
  Destination: z.strictObject({ ToAddresses: z.array(z.email()).min(1).max(MAX_RECIPIENTS) }),
  ConfigurationSetName: z.string().optional(),
  Content: z.strictObject({
    Simple: z.strictObject({
      Subject: text,
      Body: z.strictObject({ Text: text, Html: text }),
      Headers: named.max(15).optional(),
    }),
  }),
  EmailTags: tags.optional(),
});

type SendEmail = z.infer<typeof sendEmail>;

/** SES: a message tag's name and value, ASCII letters, numbers, _ and -, at most 256 characters. */
function isTag({ Name, Value }: { readonly Name: string; readonly Value: string }): boolean {
  return [Name, Value].every((part) => /^[A-Za-z0-9_-]{1,256}$/.test(part));
}

const refusal = (status: number, type: string, message: string): Reply => answer({ __type: type, message }, status);

/** Listens on 127.0.0.1. @throws Error for a busy port or a policy that cannot be evaluated */
export const startSes = (options: SesOptions): Promise<WireServer> => {
  const { plan, port, onDefect } = options;
  const guards = guardOf(options);
  return startWireServer(
    port,
    async (request, raw) => {
      const guard = guards(request);
      if (guard === undefined) {
        return refusal(403, 'UnrecognizedClientException', 'The security token included in the request is invalid.');
      }
      if (`${request.method} ${request.url}` !== SEND) {
        return refusal(400, 'BadRequestException', `not emulated locally: ${request.method} ${request.url}`);
      }
      const parsed = sendEmail.safeParse(parseBody(raw));
      if (!parsed.success) return refusal(400, 'BadRequestException', z.prettifyError(parsed.error));
      return denied(plan, guard, parsed.data) ?? unknown(plan, parsed.data) ?? take(options, parsed.data);
    },
    onDefect,
  );
};

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** SES asks for the right on the identity and on the configuration set that the mail names. */
const denied = (plan: SesOptions['plan'], guard: Guard, mail: SendEmail): Reply | undefined => {
  const arn = (resource: string): string => `arn:aws:ses:${plan.region}:${plan.account}:${resource}`;
  const set = mail.ConfigurationSetName;
  const resources = [
    arn(`identity/${domainOf(mail.FromEmailAddress)}`),
    ...(set === undefined ? [] : [arn(`configuration-set/${set}`)]),
  ];
  for (const resource of resources) {
    const refused = guard.refusal('ses:SendEmail', resource, { 'ses:FromAddress': [mail.FromEmailAddress] });
    if (refused !== undefined) return refusal(403, 'AccessDeniedException', refused);
  }
  return undefined;
};

const unknown = ({ mail }: SesOptions['plan'], { FromEmailAddress, ConfigurationSetName, Content }: SendEmail) => {
  if (!mail.identities.includes(domainOf(FromEmailAddress))) {
    const failed = `The following identities failed the check: ${FromEmailAddress}`;
    return refusal(400, 'MessageRejected', `Email address is not verified. ${failed}`);
  }
  if (ConfigurationSetName !== undefined && !mail.configurationSets.includes(ConfigurationSetName)) {
    return refusal(404, 'NotFoundException', `Configuration set <${ConfigurationSetName}> does not exist.`);
  }
  const reserved = (Content.Simple.Headers ?? []).find(({ Name }) => RESERVED_HEADER.test(Name));
  return reserved && refusal(400, 'BadRequestException', `Header <${reserved.Name}> is not allowed`);
};

const take = ({ dataDir, nowMs }: SesOptions, { FromEmailAddress, Destination, Content }: SendEmail): Reply => {
  const { Subject, Body, Headers = [] } = Content.Simple;
  const messageId = randomUUID();
  appendMail(dataDir, {
    messageId,
    sentAtMs: nowMs(),
    from: FromEmailAddress,
    to: Destination.ToAddresses,
    subject: Subject.Data,
    text: Body.Text.Data,
    html: Body.Html.Data,
    headers: Object.fromEntries(Headers.map(({ Name, Value }) => [Name, Value])),
  });
  return answer({ MessageId: messageId });
};

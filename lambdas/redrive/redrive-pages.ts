// Owns what people are told of a redrive that nobody asked for: that it began, and that it was in vain.
// Leaves to judge-letters.ts when.
import type { Page } from '../ports/pager.ts';
import type { QueueSlug, Tier } from '../shared/names.ts';

export interface PageCase {
  readonly queue: QueueSlug;
  readonly region: string;
  /** Of the alarm on the queue's dead letters. */
  readonly tier: Tier;
  readonly runbook: string;
}

export const redrivenPage = (about: PageCase, count: number, recovered: string): Page =>
  page(about, 'redriven', `dead letters of ${about.queue} go back to work: ${count}`, [
    `${about.tier} in ${about.region}: the dead letters of ${about.queue}, about ${count}, go back to their queue, since ${recovered}.`,
    '',
    'Nobody has to do anything. It is done once: letters that come back are left to people.',
  ]);

export const cameBackPage = (about: PageCase, redrivenAtMs: number): Page =>
  page(about, 'came-back', `dead letters of ${about.queue} came back after a redrive`, [
    `${about.tier} in ${about.region}: ${about.queue} has dead letters again, and they were redriven at ${new Date(redrivenAtMs).toISOString()}.`,
    '',
    'The cause is not mended for all of them. They stay where they are until somebody looks.',
  ]);

const page = (
  { queue, region, tier, runbook }: PageCase,
  outcome: string,
  what: string,
  lines: readonly string[],
): Page => ({
  tier,
  subject: `${tier} ${region} ${queue}: ${what}`.slice(0, 100),
  text: `${[...lines, `Runbook: ${runbook}`].join('\n')}\n`,
  attributes: { tier, region, queue, redrive: outcome, runbook },
});

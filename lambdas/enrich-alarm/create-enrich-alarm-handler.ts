// Owns the way from a changed alarm to a page: read, look around, compose, publish.
// Leaves to Lambda that a failed call is tried again, and to its failure destination what nobody could enrich (D22).
import type { Page, Pager } from '../ports/pager.ts';
import { TIMEOUTS } from '../shared/policies.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';
import { type AlarmNews, readNews } from './alarm-news.ts';
import { composePage, type PageScope } from './compose-page.ts';
import { type ContextSources, gatherContext } from './context.ts';

export interface EnrichAlarmDeps {
  readonly sources: ContextSources;
  readonly scope: PageScope;
  readonly pager: Pager;
  readonly telemetry: Telemetry;
}

/** @throws Error when the page may not have been taken, or the event is no alarm's: it comes again, then as it is */
export const createEnrichAlarmHandler =
  ({ sources, scope, pager, telemetry }: EnrichAlarmDeps) =>
  async (event: unknown): Promise<void> => {
    try {
      const news = readNews(event);
      if (isNoNews(news)) return;
      const context = await gatherContext(sources, TIMEOUTS.alarmContextMs);
      const page = composePage(news, context, scope);
      await pager.publish(page);
      tell(telemetry, page);
    } catch (error) {
      telemetry.error('an alarm could not be told with its context', errorFields(error));
      throw error;
    } finally {
      telemetry.flush();
    }
  };

/** A new alarm is OK for the first time: nobody was told of anything that could be over. */
const isNoNews = ({ state, before }: AlarmNews): boolean => state === 'OK' && before === 'INSUFFICIENT_DATA';

const tell = (telemetry: Telemetry, { tier, subject }: Page): void =>
  telemetry.info('page published', { outcome: tier, reason: subject });

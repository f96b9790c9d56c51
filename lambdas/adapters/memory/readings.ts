// Owns the twin of the readings table in memory.
// Leaves to adapters/dynamo the readings that survive their process.
import type { IsoDate } from '../../domain/ids.ts';
import { bestDays } from '../../domain/readings/best-day.ts';
import type { MeterDay, RegisterDay } from '../../domain/readings/meter-day.ts';
import { type Batch, type Batches, checkDayRange, type Readings } from '../../ports/readings.ts';

export class MemoryReadings implements Readings, Batches {
  readonly #batches = new Map<string, Batch>();
  readonly #parts = new Map<string, Set<number>>();

  /** `stored`: by digest, every delivery of a day, once; a map that goes to another Region, where one is simulated. */
  constructor(readonly stored: Map<string, RegisterDay> = new Map()) {}

  async store(days: readonly RegisterDay[]): Promise<void> {
    for (const day of days) if (!this.stored.has(day.digest)) this.stored.set(day.digest, day);
  }

  async days(meterId: string, fromDate: IsoDate, toDate: IsoDate): Promise<readonly MeterDay[]> {
    checkDayRange(fromDate, toDate);
    const asked = (day: RegisterDay) => day.meterId === meterId && day.date >= fromDate && day.date <= toDate;
    return bestDays([...this.stored.values()].filter(asked));
  }

  async firstReadingMs(meterId: string): Promise<number | undefined> {
    const days = [...this.stored.values()].filter((day) => day.meterId === meterId);
    return bestDays(days)[0]?.intervals[0]?.startMs;
  }

  async open(batch: Batch): Promise<void> {
    if (!this.#batches.has(batch.batchId)) this.#batches.set(batch.batchId, batch);
  }

  async partStored(batchId: string, part: number): Promise<void> {
    this.#parts.set(batchId, new Set([...(this.#parts.get(batchId) ?? []), part]));
  }

  async status(batchId: string): Promise<(Batch & { readonly status: 'pending' | 'stored' }) | undefined> {
    const batch = this.#batches.get(batchId);
    const parts = this.#parts.get(batchId)?.size ?? 0;
    return batch && { ...batch, status: parts >= batch.parts ? 'stored' : 'pending' };
  }
}

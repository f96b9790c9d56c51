// Owns how many facts the engine holds, by type: items whose sort key is a fact's.
// Leaves to the domain what a fact is; this count is the ledger's own, kept apart from the code it serves to check.
import { type Item, parseItem } from '../images.ts';

const FACT_KEY = /^(?:a|[bpx]#.+)#\d{3}$/;

const factType = (image: string | null, sortKey: string | undefined): string | undefined => {
  if (image === null || sortKey === undefined) return undefined;
  const item: Item = parseItem(image);
  if (!FACT_KEY.test(String(item[sortKey]?.S ?? ''))) return undefined;
  try {
    const body = JSON.parse(String(item.body?.S)) as { readonly type?: unknown };
    return typeof body.type === 'string' ? body.type : 'unreadable';
  } catch {
    return 'unreadable';
  }
};

export class FactCount {
  private readonly counts = new Map<string, number>();

  /** An item changed, or was found at the start (`oldImage` null). */
  change(oldImage: string | null, newImage: string | null, sortKey: string | undefined): void {
    this.add(factType(oldImage, sortKey), -1);
    this.add(factType(newImage, sortKey), 1);
  }

  report(): { readonly total: number; readonly byType: Readonly<Record<string, number>> } {
    const byType = Object.fromEntries([...this.counts].filter(([, count]) => count !== 0).sort());
    return { total: Object.values(byType).reduce((sum, count) => sum + count, 0), byType };
  }

  private add(type: string | undefined, change: number): void {
    if (type !== undefined) this.counts.set(type, (this.counts.get(type) ?? 0) + change);
  }
}

// Owns cursors: the sort key of the last row of a page, opaque to clients.
// Leaves to each adapter where a page begins.
import { InvalidCursor } from '../ports/event-log.ts';

/** The range of sort keys a list runs over, `[from, to)`. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

/** Longer than any sort key: DynamoDB would refuse one above 1,024 bytes as if we were at fault. */
const MAX_SORT_KEY_LENGTH = 200;

export const toCursor = (sortKey: string): string => Buffer.from(sortKey).toString('base64url');

/**
 * The sort key in `cursor`, which must lie in `range`: a client may have changed it, or kept it for another query.
 * @throws InvalidCursor
 */
export const fromCursor = (cursor: string, range: KeyRange): string => {
  const sortKey = Buffer.from(cursor, 'base64url').toString();
  const whole = sortKey.length <= MAX_SORT_KEY_LENGTH && toCursor(sortKey) === cursor;
  if (!whole || sortKey < range.from || sortKey >= range.to) {
    throw new InvalidCursor(
      `cursor ${JSON.stringify(cursor.slice(0, 80))} is not one of this list: leave it out to begin anew`,
    );
  }
  return sortKey;
};

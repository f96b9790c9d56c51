// Owns `Baseload-After`: the facts a client has written and wants to see in the answer.
// Leaves to open-view.ts how they get there.
import type { AccountId } from '../domain/ids.ts';
import { decodePosition, type FactKey, parseFactKey, type StreamId } from '../domain/keys.ts';
import { type ApiEvent, header } from '../shared/http/event.ts';
import { invalidRequest } from '../shared/http/problem.ts';

export interface AskedFact {
  readonly key: FactKey;
  readonly stream: StreamId;
}

/** CONTRACT, headers. */
const MAX_POSITIONS = 8;

const refused = (message: string) => invalidRequest([{ field: 'Baseload-After', message }]);

/** @throws Refusal 400 for more than 8 positions, a malformed one, or one of another account. */
export const readAskedFacts = (event: ApiEvent, accountId: AccountId): readonly AskedFact[] => {
  const sent = header(event, 'baseload-after');
  if (sent === undefined) return [];
  const positions = sent.split(',').map((position) => position.trim());
  if (positions.length > MAX_POSITIONS) throw refused(`must name at most ${MAX_POSITIONS} positions`);
  return positions.map((text) => {
    const position = decodePosition(text);
    const parsed = position && parseFactKey(position.key);
    if (position === undefined || parsed === undefined) throw refused('must hold positions as answers gave them');
    if (position.accountId !== accountId) throw refused('names a fact of another account');
    return { key: position.key, stream: parsed.stream };
  });
};

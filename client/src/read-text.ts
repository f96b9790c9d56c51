// Owns the way of a body into memory, up to a bound: no server decides how much a payer's browser holds.
// Leaves to exchange.ts what the text means.
import { UnexpectedAnswer } from './shapes.ts';

/** Many times the largest answer: 200 lines of a statement. */
const MAX_BODY_BYTES = 1_048_576;

/** @throws UnexpectedAnswer over 1 MiB; TypeError when the connection ends before the body does */
export const readText = async (response: Response): Promise<string> => {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      await reader.cancel();
      throw new UnexpectedAnswer(`its body has more than ${MAX_BODY_BYTES} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
};

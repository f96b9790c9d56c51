// Owns what a fault of a drill is: something that is made to go wrong, and how it is put right.
// Leaves to the files beside it which, and to conduct.ts that each is put right whatever happens.
import type { Harness } from '../pair/harness.ts';

export interface Fault {
  /** As it stands on the timeline: `us-east-1 killed`. */
  readonly what: string;
  begin(baseload: Harness): Promise<void>;
  end(baseload: Harness): Promise<void>;
}

// Owns a dead-letter queue as the function that brings its messages back sees it: how many, and whether they are on their way.
// Leaves to the service the moving, and looking into a message to the command line.

export interface DeadLetters {
  /** Approximate; those that somebody looks at just now included. */
  count(): Promise<number>;
  /** The latest move of all that anybody asked for, as far back as the service remembers. */
  latestMove(): Promise<{ readonly startedAtMs: number; readonly isRunning: boolean } | undefined>;
  /** Begins to move everything back to the queue it came from. @throws Error also while a move is under way */
  startMove(messagesPerSecond: number): Promise<void>;
}

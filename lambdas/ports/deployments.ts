// Owns what can be asked of deployments: the last one of each capability that shifts slowly.
// Leaves to CodeDeploy shifting, watching and taking back.

export interface Deployment {
  /** Of the capability. */
  readonly slug: string;
  /** As CodeDeploy says it: `InProgress`, `Succeeded`, `Failed`, `Stopped`, … */
  readonly status: string;
  readonly startedAtMs: number;
}

export interface Deployments {
  /** At most one a capability; none for what was never deployed so. @throws Error when it is not known */
  latest(): Promise<readonly Deployment[]>;
}

// Owns the names of stacks, by which the operator's command line knows them too.
// Leaves to names.ts what needs the library to be named.

type StackKind = 'keys' | 'vault' | 'ledger' | 'alarms' | 'region' | 'game-days' | 'outside';

/** `baseload-us-region-us-east-1`; the ledger's stack is one for both Regions and has none in its name. */
export const stackName = (jurisdiction: string, kind: StackKind, region?: string): string =>
  ['baseload', jurisdiction, kind, ...(region === undefined ? [] : [region])].join('-');

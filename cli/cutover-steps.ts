// Owns the steps by which a rebuilt ledger is taken into use, as they are printed: nobody but people executes them.
// Leaves to docs/total-loss.md why each is there.
import { functionName, type Slug } from '../lambdas/shared/names.ts';
import type { Target } from './target.ts';

/** Whoever writes the ledger, or follows its chains. */
const STOPPED: readonly Slug[] = [
  'payments',
  'operations',
  'settle-payment',
  'issue-bills',
  'reconcile',
  'scrub',
  'seal-windows',
];

export const cutoverSteps = (
  { jurisdiction, regions }: Target,
  { from, to }: { readonly from: string; readonly to: string },
): readonly string[] => [
  'Nothing uses the new table yet. To take it into use:',
  `1. stop whoever writes, in ${regions.join(' and ')}: aws lambda put-function-concurrency --reserved-concurrent-executions 0 --function-name <each of ${STOPPED.map((slug) => functionName(jurisdiction, slug)).join(', ')}>`,
  `2. run this again (replay ledger --from ${from} --to ${to}): it adds what came meanwhile; it must end with "equals its sources" once more`,
  `3. a second person checks: both runs' audit lines, and the counts against what they know of the ledger`,
  `4. name the table's generation in the config ("ledgerGeneration") if it is not yet, and commit it`,
  ...regions.map(
    (region, place) =>
      `${5 + place}. npx cdk deploy baseload-${jurisdiction}-region-${region} --exclusively, then put-function-concurrency back to the config's reservedConcurrency there, then one payment and verify --region ${region}`,
  ),
  `${5 + regions.length}. npm run baseload -- --target aws verify: 0 findings in both Regions`,
];

// Owns the end of the shared run, after the last proof.
import { endRun } from './shared-run.ts';

export default endRun;

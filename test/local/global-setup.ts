// Owns the start of the shared run, before any proof.
import { startRun } from '../../drills/pair/harness.ts';
import { announce } from './shared-run.ts';

const start = async (): Promise<void> => announce(await startRun(['--fresh']));

export default start;

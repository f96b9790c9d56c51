// Owns limits that AWS sets and the config file must keep to.
// Leaves to config.ts how a breach is told.
import { EXPERIMENTS } from './game-days/experiments.ts';

/** Retention periods that CloudWatch Logs takes, in days. */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Of Object Lock and of vault locks: what some may lift, and what nobody may before its time, AWS included. */
export const LOCK_MODES = ['GOVERNANCE', 'COMPLIANCE'] as const;

/** Of a new account with its quota raised to the usual 1,000 (it starts with 10); 100 stay unreserved, as Lambda demands. */
export const MAX_RESERVED_CONCURRENCY = 900;

/** Characters of the first name of a certificate of ACM; further names may be longer. */
export const MAX_CERTIFICATE_NAME = 64;

/** UTC: the experiments begin an hour after each other, on one day. */
export const LATEST_GAME_DAY_HOUR = 24 - EXPERIMENTS.length;

// Runs the suites on what a synthesis refuses in one process: loading the CDK costs each test file seconds.
import './ledger-rules.suite.ts';
import './nag.suite.ts';
import './residency.suite.ts';

// Runs the suites that look at templates in one process: loading the CDK costs each test file seconds, looking nothing.
import './alarm-teller.suite.ts';
import './alarms.suite.ts';
import './api.suite.ts';
import './archive.suite.ts';
import './dashboards.suite.ts';
import './functions.suite.ts';
import './game-days.suite.ts';
import './grants.suite.ts';
import './ledger-stack.suite.ts';
import './outside.suite.ts';
import './routing.suite.ts';
import './stacks.suite.ts';
import './stream-worker.suite.ts';
import './work-queue.suite.ts';

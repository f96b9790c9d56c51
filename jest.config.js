// A notice of the AWS SDK about the Node to come, once a test file; this project's own range is in package.json.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/**
 * Four projects: `unit` runs in parallel; `local` shares one running pair of Regions and so runs in band; `proofs` take minutes, and
 * each has a pair of its own, so that no other one takes its time; `browser` has one too, and needs a Chromium on the machine.
 */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
};

export default {
  // Calls of AWS give up after five seconds, jest's own limit: a test of that must not end at the same moment.
  testTimeout: 20_000,
  projects: [
    // A negated glob, !(local), would leave out test/local-units too.
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/local/', '<rootDir>/test/proofs/', '<rootDir>/test/browser/'],
    },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
    {
      ...shared,
      displayName: 'local',
      testMatch: ['<rootDir>/test/local/**/*.test.ts'],
      globalSetup: '<rootDir>/test/local/global-setup.ts',
      globalTeardown: '<rootDir>/test/local/global-teardown.ts',
    },
    { ...shared, displayName: 'proofs', testMatch: ['<rootDir>/test/proofs/**/*.test.ts'] },
  ],
};

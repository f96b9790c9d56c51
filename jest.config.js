/** Two projects: `unit` runs in parallel, `local` shares one running pair of Regions and so runs in band. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
};

export default {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/test/!(local)/**/*.test.ts'] },
    { ...shared, displayName: 'local', testMatch: ['<rootDir>/test/local/**/*.test.ts'] },
  ],
};

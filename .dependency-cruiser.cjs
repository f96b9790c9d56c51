/**
 * The arrows of the house: imports point inward, `<capability> → adapters → ports → domain`.
 * Cycles are Biome's to find (noImportCycles): the swc parser here does not tell type-only imports apart.
 */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment: 'The core knows nothing of AWS, the environment, the network or other layers.',
      severity: 'error',
      from: { path: '^lambdas/domain/' },
      to: { pathNot: '^(lambdas/domain/|node:crypto$|crypto$)' },
    },
    {
      name: 'ports-see-the-domain-only',
      severity: 'error',
      from: { path: '^lambdas/ports/' },
      to: { pathNot: '^lambdas/(ports|domain)/' },
    },
    {
      name: 'adapters-see-ports-domain-and-shared',
      severity: 'error',
      from: { path: '^lambdas/adapters/' },
      to: { path: '^(lambdas/(?!adapters/|ports/|domain/|shared/)|lib/|local/|bin/|test/)' },
    },
    {
      name: 'shared-does-not-know-capabilities-or-adapters',
      severity: 'error',
      from: { path: '^lambdas/shared/' },
      to: { path: '^(lambdas/(?!ports/|domain/|shared/)|lib/|local/|bin/|test/)' },
    },
    {
      name: 'capabilities-do-not-know-each-other',
      severity: 'error',
      from: { path: '^lambdas/(?!domain/|ports/|adapters/|shared/)([^/]+)/' },
      to: { path: '^lambdas/(?!domain/|ports/|adapters/|shared/|$1/)[^/]+/' },
    },
    {
      name: 'lib-shares-only-names-with-the-handlers',
      severity: 'error',
      from: { path: '^(lib|bin)/' },
      to: { path: '^lambdas/', pathNot: '^lambdas/shared/(names|metric-names)\\.ts$' },
    },
    {
      name: 'handlers-do-not-know-where-they-run',
      severity: 'error',
      from: { path: '^lambdas/' },
      to: { path: '^(lib|local|bin|cli|test|scripts|simulation)/' },
    },
    {
      name: 'local-runs-the-assembly-not-the-code',
      comment: 'What runs here is the bundled asset; importing a handler would be running something else.',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: '^lambdas/', pathNot: '^lambdas/shared/names\\.ts$' },
    },
    {
      name: 'the-payer-from-outside-knows-the-hostname-only',
      severity: 'error',
      from: { path: '^outside/' },
      to: { path: '^(bin|cli|lib|local|lambdas|scripts)/' },
    },
    {
      name: 'nothing-knows-the-command-line',
      severity: 'error',
      from: { path: '^(bin|lib|local|scripts)/' },
      to: { path: '^cli/' },
    },
    {
      name: 'the-command-line-asks-from-outside',
      comment:
        'It knows what handlers share, config and templates, and how a run on this machine is found: no handler, no emulator.',
      severity: 'error',
      from: { path: '^cli/' },
      to: {
        path: '^(bin|lib|local|lambdas|scripts)/',
        pathNot:
          '^(lambdas/(domain|ports|adapters|shared)/|lib/(app|config|stack-name)\\.ts$|local/(announced-runs|codedeploy/deployments|control/(app|state)|iam/callers)\\.ts$)',
      },
    },
    {
      name: 'nothing-knows-the-measurements',
      severity: 'error',
      from: { pathNot: '^(bench|test)/' },
      to: { path: '^bench/' },
    },
    {
      name: 'measurements-run-functions-as-they-are-deployed',
      comment: 'The bundled asset, opened by bundled-handler.ts: importing a handler would measure something else.',
      severity: 'error',
      from: { path: '^bench/' },
      to: { path: '^lambdas/(?!domain/|ports/|adapters/|shared/)' },
    },
    {
      name: 'the-client-stands-alone',
      comment: 'It runs in browsers: no package, nothing of Node, nothing of the server.',
      severity: 'error',
      from: { path: '^client/' },
      to: { pathNot: '^client/' },
    },
    {
      name: 'nothing-knows-the-drills',
      severity: 'error',
      from: { path: '^(bin|cli|client|lib|lambdas|local|scripts)/' },
      to: { path: '^drills/' },
    },
    {
      name: 'drills-see-what-payers-and-operators-see',
      comment:
        'They judge handlers and templates: shared code would be wrong on both sides at once. Names are no rules.',
      severity: 'error',
      from: { path: '^drills/' },
      to: { path: '^(bin|cli|lib|lambdas|scripts)/', pathNot: '^lambdas/shared/names\\.ts$' },
    },
    {
      name: 'the-simulation-runs-the-functions-and-nothing-around-them',
      comment: 'The product, its memory twins and the simulated world: no template, no emulator, no command line.',
      severity: 'error',
      from: { path: '^simulation/' },
      to: { path: '^(bin|lib|local|cli|scripts)/' },
    },
    {
      name: 'no-test-code-outside-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'runtime-needs-runtime-dependencies',
      severity: 'error',
      from: { path: '^lambdas/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(aws-lambda|picocolors/types)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};

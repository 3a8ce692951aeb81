const typescript = {
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
    experimental: { keepImportAttributes: true },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

/** Tiers by file name: *.test.ts rules, *.int.test.ts real engines, test/*.story.test.ts through HTTP, test/*.fault.test.ts kills. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // For what hangs only, on the slowest machine: a test that promises a time measures it itself.
  testTimeout: 180_000,
  testRegex: '\\.test\\.ts$',
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data', '<rootDir>/.test', '<rootDir>/.engines'],
  transform: { '^.+\\.ts$': ['@swc/jest', typescript] },
};

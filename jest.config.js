/** Quick tests. The lab's own run apart, by Node's test runner: tools/run-tests.mjs lab */
module.exports = {
  testMatch: ["<rootDir>/test/{unit,golden,tools,engine}/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/.swarmstead/"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2022" },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  // Pulumi's SDK keeps its store on the global object and looks at it after a file's end.
  testEnvironmentOptions: { globalsCleanup: "off" },
  testTimeout: 60_000,
  // Jest leaves one processor free, which on two halves it; the engine's tests wait more than they compute.
  maxWorkers: "100%",
};

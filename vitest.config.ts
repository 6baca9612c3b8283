import { defineConfig } from "vitest/config";

export default defineConfig({
  // Extensions of the examples import the package by its name.
  resolve: { alias: { "quench/extend": new URL("compiler/extend.ts", import.meta.url).pathname } },
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/summaryReporter.ts"],
    // Two cores; workers of the engine's own tests come on top.
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/summaryReporter.ts"],
    // Two cores; workers of the engine's own tests come on top.
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});

import { defineConfig } from "vitest/config";

export default defineConfig({
  // Examples import the package by its name.
  resolve: { alias: Object.entries({ quench: "api/index.ts", "quench/runtime": "runtime/index.ts", "quench/extend": "compiler/extend.ts" }).map(([name, file]) => ({ find: new RegExp(`^${name}$`), replacement: new URL(file, import.meta.url).pathname })) },
  test: {
    include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
    reporters: ["default", "./test/summaryReporter.ts"],
    // Two cores; workers of the engine's own tests come on top.
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { runTasks } from "../../../runtime/engine/runTasks.ts";
import { fixture, sizePlan } from "./plans.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

test("a bundled engine finds its bundled worker, and gets the bytes that the sources get", { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "quench-bundle-"));
  try {
    await build({
      entryPoints: { engine: here("../../../runtime/engine/runTasks.ts"), worker: here("../../../runtime/engine/worker.ts"), model: here("./fixtures/sphericalPair.ts") },
      outdir: folder,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      packages: "external",
    });
    symlinkSync(here("../../../node_modules"), join(folder, "node_modules"), "junction");
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const plan = sizePlan([6, 12]);
    const program = `
      import { runTasks } from ${JSON.stringify(pathToFileURL(join(folder, "engine.js")).href)};
      const url = ${JSON.stringify(pathToFileURL(join(folder, "model.js")).href)};
      const { tasks } = await runTasks(${JSON.stringify(plan)}, { url }, { workers: 2 });
      console.log(JSON.stringify(tasks));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
    expect(output.trim()).toBe(JSON.stringify((await runTasks(plan, fixture("sphericalPair"), { workers: 1 })).tasks));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

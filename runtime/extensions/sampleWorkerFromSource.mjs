/**
 * Entry file of the sample worker while Quench runs from its TypeScript sources. Node 20 strips no types, and a loader would take longer than the
 * samples: the sources are bundled, once for each state of them. A built Quench starts sampleWorker.js instead.
 */
import { buildSync } from "esbuild";
import { mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";

const runtime = join(import.meta.dirname, "..");
const folder = join(runtime, "../node_modules/.cache/quench");
const changed = Math.max(...readdirSync(runtime, { recursive: true }).map((name) => statSync(join(runtime, name)).mtimeMs));
const file = join(folder, `sampleWorker-${Math.round(changed)}.mjs`);
if (!statSync(file, { throwIfNoEntry: false })) {
  mkdirSync(folder, { recursive: true });
  const own = join(folder, `sampleWorker-${process.pid}-${Math.random().toString(36).slice(2)}.mjs`);
  buildSync({ entryPoints: [join(runtime, "extensions/sampleWorker.ts")], outfile: own, bundle: true, format: "esm", platform: "node", target: "node20", packages: "external" });
  // Processes side by side write the same text.
  renameSync(own, file);
}
await import(file);

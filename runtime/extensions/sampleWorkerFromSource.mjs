/**
 * Entry file of the sample worker while Quench runs from its TypeScript sources. Node 20 strips no types, and a loader would take longer than the
 * samples: the sources are bundled, once for each state of them. A built Quench starts sampleWorker.js instead.
 */
import { buildSync } from "esbuild";
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../node_modules/.cache/quench");
mkdirSync(folder, { recursive: true });
const [own, file] = [join(folder, `sampleWorker-${process.pid}-${Math.random().toString(36).slice(2)}.mjs`), join(folder, "sampleWorker.mjs")];
buildSync({ entryPoints: [join(import.meta.dirname, "sampleWorker.ts")], outfile: own, bundle: true, format: "esm", platform: "node", target: "node20", packages: "external" });
// Processes side by side write the same text.
renameSync(own, file);
await import(file);

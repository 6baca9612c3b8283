// Builds dist/: the command line, the library, the runtime that generated code imports, and the worker, as ES modules that share chunks;
// then their type declarations. Run by `npm ci` (prepare). Chevrotain is bundled since loading it unbundled costs 0.3 s.
import { createHash } from "node:crypto";
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
// Samples and predictions are those of a version of everything that makes them: between releases, of its sources.
const sources = ["compiler", "runtime"].flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => `${folder}/${name}`)).filter((path) => path.endsWith(".ts")).sort();
const fingerprint = (...without) => createHash("sha256").update(sources.filter((path) => !without.some((part) => part.test(path))).map((path) => `${path}\0${readFileSync(join(root, path), "utf8")}`).join("\0")).digest("hex").slice(0, 12);
const samplesBuild = fingerprint(/^runtime\/(results|estimators)\//, /^compiler\/(1-check\/codes|theory)\//);
const theoryBuild = fingerprint(/^runtime\/(backends|dynamics|engine|estimators|moves)\//, /^runtime\/results\/(export|figures|report|store)\//, /^compiler\/(1-check\/codes|4-schedule|5-emit)\//);
const entries = { quench: "cli/quench.ts", index: "api/index.ts", extend: "compiler/extend.ts", runtime: "runtime/index.ts", worker: "runtime/engine/worker.ts", sampleWorker: "runtime/extensions/sampleWorker.ts", theory: "compiler/theory/answerWorker.ts" };

rmSync(join(root, "dist"), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: Object.entries(entries).map(([out, input]) => ({ in: input, out })),
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "linked",
  define: { "process.env.QUENCH_VERSION": JSON.stringify(version), "process.env.QUENCH_BUILD": JSON.stringify(samplesBuild), "process.env.QUENCH_THEORY_BUILD": JSON.stringify(theoryBuild) },
  plugins: [{
    // Everything from node_modules but the parser stays a dependency: loaded lazily, and not ours to redistribute.
    name: "external-packages",
    setup: ({ onResolve }) => onResolve({ filter: /^[^./]/ }, ({ path, kind }) => (kind === "entry-point" || /^(chevrotain|@chevrotain|lodash)/.test(path) ? undefined : { path, external: true })),
  }],
});
chmodSync(join(root, "dist/quench.js"), 0o755);

if (!process.argv.includes("--no-types")) {
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "scripts/tsconfig.declarations.json")], { stdio: "inherit" });
  const types = join(root, "dist/types");
  const reached = new Set(["api/index.d.ts", "compiler/extend.d.ts", "runtime/index.d.ts"].map((path) => join(types, path)));
  // Only what users can name: a set goes on to what is added while it is walked.
  for (const path of reached) {
    const text = readFileSync(path, "utf8").replaceAll(/(from |import\()"(\.[^"]*)\.ts"/g, '$1"$2.js"');
    writeFileSync(path, text);
    for (const [, target] of text.matchAll(/(?:from |import\()"(\.[^"]*)\.js"/g)) reached.add(join(dirname(path), `${target}.d.ts`));
    const [, foreign] = /(?:from |import\()"([^.][^"]*)"/.exec(text) ?? [];
    if (foreign !== undefined && !foreign.startsWith("node:")) throw new Error(`${path} needs the types of ${foreign}, which users may not have`);
  }
  for (const name of readdirSync(types, { recursive: true })) if (String(name).endsWith(".d.ts") && !reached.has(join(types, String(name)))) rmSync(join(types, String(name)));
}

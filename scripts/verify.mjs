// Verifies the examples with the built command line, each with its own seed. `quick`, what CI runs: the papers, a part of the gallery, and
// the tfjs target. `all`: the gallery, the extended instances and the extensions, and seeds 1 to 10 of the papers, where every claim must hold for at
// least 9 seeds and fail for none.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const quench = (...args) => spawnSync(process.execPath, ["dist/quench.js", ...args], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 2 ** 28 });
const specifications = (folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith(".quench")).map((name) => `${folder}/${name}`).sort();
const papers = ["loss-surfaces", "thermal-landscape", "atypical-transitions"].map((name) => `examples/${name}.quench`);
let failed = false;

function mustHold(...args) {
  console.log(`\n$ quench verify ${args.join(" ")}`);
  const started = Date.now();
  const { status, stdout } = quench("verify", ...args);
  process.stdout.write(stdout);
  console.log(`${((Date.now() - started) / 1000).toFixed(1)} s, exit status ${status}`);
  if (status !== 0) failed = true;
}

for (const path of papers) mustHold(path);
for (const name of ["sherrington-kirkpatrick", "ising-2d", "binary-perceptron", "hopfield", "heisenberg-chain"]) mustHold(`examples/${name}.quench`);
mustHold("examples/extended/small-spin-glass.quench", "--target", "tfjs");

if (process.argv[2] === "all") {
  for (const path of [...specifications("examples").filter((path) => !papers.includes(path)), ...specifications("examples/extended")]) mustHold(path);
  for (const path of specifications("examples/extensions")) mustHold(path);
  console.log("\nthe package in an empty folder, on Node 20, 22 and 24");
  if (spawnSync(process.execPath, ["scripts/smoke.mjs", "all"], { cwd: root, stdio: "inherit" }).status !== 0) failed = true;
  for (const path of papers) overSeeds(path, 10, 9);
  console.log("\n60 kills at random moments");
  mustPass("test/cli/crash.test.ts", { QUENCH_KILLS: "60" });
  console.log("\nclaims of all accepted programs in float32 and on tfjs");
  mustPass("test/pipeline/claims.test.ts", { EVERY: "1" });
  console.log("\nrandom models and runs");
  mustPass("test/pipeline/generatedModels.test.ts", { RUNS: "2000", SEED: String(Date.now() % 2 ** 31) });
  mustPass("test/pipeline/generatedRuns.test.ts", { RUNS: "500", SEED: String(Date.now() % 2 ** 31) });
}

function mustPass(path, environment) {
  const { status } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", path], { cwd: root, stdio: "inherit", env: { ...process.env, ...environment } });
  if (status !== 0) failed = true;
}

function overSeeds(path, seeds, least) {
  const counts = new Map();
  for (let seed = 1; seed <= seeds; seed++) {
    const { stdout } = quench("verify", path, "--seed", String(seed), "--json", "--quiet", "-o", `runs/seeds/${path}/${seed}`);
    const { claims } = JSON.parse(stdout);
    for (const { text, verdict } of claims) {
      const count = counts.get(text) ?? { holds: 0, fails: 0, undecided: 0 };
      count[verdict] += 1;
      counts.set(text, count);
    }
    console.log(`${path}, seed ${seed}: ${claims.filter((c) => c.verdict !== "holds").map((c) => `${c.verdict}: ${c.text}`).join("; ") || "all claims hold"}`);
  }
  for (const [text, { holds, fails, undecided }] of counts) {
    console.log(`${text}: holds ${holds}, fails ${fails}, undecided ${undecided}`);
    if (holds < least || fails > 0) failed = true;
  }
}

process.exitCode = failed ? 1 : 0;

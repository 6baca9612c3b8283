// Verifies the examples with the built command line. `quick`: what CI runs, each with its own seed, once on every target.
// `all`: the whole gallery, and seeds 1 to 20 of the spin glass too; every claim must hold for at least 19 seeds and fail for none.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const quench = (...args) => spawnSync(process.execPath, ["dist/quench.js", ...args], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const spinGlass = ["verify", "examples/loss-surfaces.quench", "--only", "Minima,Landscape"];
let failed = false;

function mustHold(label, args) {
  console.log(`\n$ quench ${args.join(" ")}`);
  const { status, stdout } = quench(...args);
  process.stdout.write(stdout);
  if (status !== 0) {
    failed = true;
    console.log(`${label}: exit status ${status}`);
  }
}

mustHold("spin glass", spinGlass);
mustHold("spin glass on tfjs", ["verify", "examples/extended/small-spin-glass.quench", "--target", "tfjs"]);

// The papers have their own line above, or take minutes.
const papers = ["loss-surfaces", "thermal-landscape", "atypical-transitions"];
const gallery = readdirSync(join(root, "examples")).filter((file) => file.endsWith(".quench")).map((file) => file.slice(0, -".quench".length)).filter((name) => !papers.includes(name));
for (const name of process.argv[2] === "all" ? gallery : ["sherrington-kirkpatrick", "ising-2d", "binary-perceptron", "hopfield", "heisenberg-chain"]) mustHold(name, ["verify", `examples/${name}.quench`]);

if (process.argv[2] === "all") {
  const counts = new Map();
  for (let seed = 1; seed <= 20; seed++) {
    const { stdout } = quench(...spinGlass, "--seed", String(seed), "--json", "--quiet", "-o", `runs/seeds/${seed}`);
    for (const { text, verdict } of JSON.parse(stdout).claims) {
      const count = counts.get(text) ?? { holds: 0, fails: 0, undecided: 0 };
      count[verdict] += 1;
      counts.set(text, count);
    }
    console.log(`seed ${seed}: ${JSON.parse(stdout).claims.filter((c) => c.verdict !== "holds").map((c) => `${c.verdict}: ${c.text}`).join("; ") || "all claims hold"}`);
  }
  for (const [text, { holds, fails, undecided }] of counts) {
    console.log(`${text}: holds ${holds}, fails ${fails}, undecided ${undecided}`);
    if (holds < 19 || fails > 0) failed = true;
  }
}
if (process.argv[2] === "all") {
  console.log("\n60 kills at random moments");
  const { status } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "test/cli/crash.test.ts"], { cwd: root, stdio: "inherit", env: { ...process.env, QUENCH_KILLS: "60" } });
  if (status !== 0) failed = true;
}
process.exitCode = failed ? 1 : 0;

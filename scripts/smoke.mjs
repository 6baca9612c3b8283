// Lints the packed package, installs it in an empty folder and uses it as a user would: a new specification verified, extensions of each kind of use, the library from
// strict TypeScript, a built module with only quench/runtime. `all` does it on Node 22 and 24 as well, whose binaries the package `node` carries.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = mkdtempSync(join(tmpdir(), "quench-smoke-"));
const run = (command, args, cwd = folder) => execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const tsc = (...args) => run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), ...args]);
const MOST_BYTES = 3e6;

const [packed] = JSON.parse(run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], root));
console.log(`${packed.filename}: ${packed.size} bytes, ${packed.entryCount} files`);
if (packed.size > MOST_BYTES) throw new Error(`the package has more than ${MOST_BYTES} bytes`);
const stray = packed.files.map((f) => f.path).filter((path) => !/^(dist\/|library\/.+\.quench$|package\.json$|README\.md$|LICENSE$)/.test(path));
if (stray.length > 0) throw new Error(`files that no user needs: ${stray.join(", ")}`);

for (const [linter, ...args] of [["publint", "run", "--strict"], ["attw", "--profile", "esm-only"]]) {
  try {
    run(join(root, "node_modules/.bin", linter), [...args, join(folder, packed.filename)], root);
  } catch (error) {
    throw new Error(`${linter}:\n${error.stdout}`, { cause: error });
  }
}
writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "smoke", private: true, type: "module" }));
run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, packed.filename)]);
const quench = (node, ...args) => run(node, [join(folder, "node_modules/quench/dist/quench.js"), ...args]);

cpSync(join(root, "examples/extensions"), join(folder, "extensions"), { recursive: true });
mkdirSync(join(folder, "src"));
writeFileSync(join(folder, "src/study.ts"), `import { compileFile, run, theory, verify, type Verification } from "quench";
const specification = compileFile("first.quench");
const verification: Verification = await verify(specification, { workers: 2 });
for (const { text, verdict, left, error } of verification.claims) console.log(verdict, text, left, error);
const results = await run("model M(N = 4) { state s[i in N] : spin  energy H = -sum(i) s[i] }  run R of M { measure enumerate(T = 1) }", { workers: 1 });
const [energy] = results.estimate("mean(R.H)");
if (!verification.holds || energy === undefined || Math.abs(energy.value + 4 * Math.tanh(1)) > 1e-12) throw new Error("wrong numbers");
const saddle = theory("theory S(b = 0.5) { order q in (-2, 2) = 0.1  free_energy F = q^2/2 - b*q  saddle F over q }", "S").predict("q");
if (!("value" in saddle) || Math.abs(saddle.value - 0.5) > 1e-9) throw new Error("wrong theory");
`);
writeFileSync(join(folder, "src/built.ts"), `import { createModel } from "./built/Ising.ts";
const model = createModel({ L: 4 });
model.draw(1, 0);
const state = model.randomState(1, 0);
const magnetisation: number = model.observe.m(state);
if (Math.abs(model.energy(state) - model.referenceEnergy(state)) > 1e-9 || Math.abs(magnetisation) > 1) throw new Error("wrong numbers");
`);
writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({
  compilerOptions: { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: false, target: "es2022", module: "nodenext", rewriteRelativeImportExtensions: true, verbatimModuleSyntax: true, types: [], skipLibCheck: false, lib: ["es2023", "dom"], rootDir: "src", outDir: "out" },
  include: ["src"],
}));

writeFileSync(join(folder, "src/extension.ts"), `import { defineFunction } from "quench/extend";
export const total = defineFunction({ doc: "Sum.", arguments: ["array"], result: "scalar", value: ({ values }) => values.reduce((a, b) => a + b, 0), adjoint: (dy, [{ values }]) => [values.map(() => dy)], samples: [[[1, 2]], [[3]]] });
`);
const nodes = [process.execPath];
if (process.argv[2] === "all") for (const version of ["22", "24"]) {
  const place = join(folder, `node${version}`);
  mkdirSync(place);
  run("npm", ["install", "--prefix", place, "--prefer-offline", "--no-audit", "--no-fund", `node@${version}`]);
  nodes.push(join(place, "node_modules/node/bin/node"));
}

quench(process.execPath, "new", "first");
quench(process.execPath, "build", "first.quench", "-o", "src/built");
tsc("-p", folder);
cpSync(join(folder, "src/built/Ising.wasm"), join(folder, "out/built/Ising.wasm"));
for (const node of nodes) {
  console.log(run(node, ["--version"]).trim());
  rmSync(join(folder, "runs"), { recursive: true, force: true });
  console.log(quench(node, "verify", "first.quench", "--quiet").trim());
  console.log(quench(node, "verify", "extensions/max-cut.quench", "--quiet").trim());
  console.log(quench(node, "verify", "extensions/frozen-spins.quench", "--quiet", "--only", "Free").trim());
  run(node, ["out/study.js"]);
  run(node, ["out/built.js"]);
}
console.log("installed and used");
rmSync(folder, { recursive: true });

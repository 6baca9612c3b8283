/** What a hurried user types: always a diagnostic and exit status 1 or 64, never a stack trace. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { example, quench } from "./commandLine.ts";

const folder = mkdtempSync(join(tmpdir(), "quench-bad-input-"));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const spinGlass = (size: string, extra = ""): string => `
model SpinGlass(N = ${size}) {
  ensemble   X[i in N, j in N, k in N] ~ Normal(0, var = 1)
  state      w[i in N] : real
  constraint sum(i) w[i]^2 == N
  energy     L = sum(i, j, k) X[i,j,k] * w[i] * w[j] * w[k] / N
}
run Minima of SpinGlass {
  ${extra}
  starts 2
  evolve descent() for 10 steps
}
claim "low" : mean(Minima.L) < 0
`;

const tenErrors = `
model Wrong(N = 10) {
  ensemble   X[i in N, j in M] ~ Normal(0, var = 1)
  state      w[i in N] : rael
  constraint sum(i) w[i]^2
  energy     L = sum(i) X[i, i, i] * v[i]
  observable a = sqroot(L)
  observable b = w[i]
}
run R of Wrnog { evolve descent() for 10 steps }
run S of Wrong { sweep T in [1, 2]
  evolve descnt() for 10 steps }
claim "x" : mean(R.nothing) < 1
claim "y" : mean(Q.L) < 1
`;

interface Case { readonly what: string; readonly arguments: (verb: string) => readonly string[]; readonly says: RegExp; readonly status?: number }
const cases: readonly Case[] = [
  { what: "a missing file", arguments: (verb) => [verb, join(folder, "nothing.quench")], says: /Q001.*there is no file/ },
  { what: "a directory", arguments: (verb) => [verb, folder], says: /Q002.*is a directory/ },
  { what: "an empty file", arguments: (verb) => [verb, file("empty.quench", " \n")], says: /Q005.*is empty/ },
  { what: "a binary file", arguments: (verb) => [verb, file("binary.quench", Uint8Array.from({ length: 4000 }, (_, k) => (k * 7919) % 256))], says: /Q004.*binary/ },
  { what: "text that is not UTF-8", arguments: (verb) => [verb, file("latin.quench", Uint8Array.from([0x6d, 0xf6, 0x64, 0x65, 0x6c]))], says: /Q004.*UTF-8/ },
  { what: "ten errors", arguments: (verb) => [verb, file("ten.quench", tenErrors)], says: /\n\d+ errors\n$/ },
  { what: "a sweep over an unknown name", arguments: (verb) => [verb, file("sweep.quench", spinGlass("10", "sweep M in [1, 2]"))], says: /`M`/ },
  { what: "a setting of an unknown name", arguments: (verb) => [verb, file("set.quench", spinGlass("10")), "--set", "M=3"], says: /`?M`?/ },
  { what: "a setting without a number", arguments: (verb) => [verb, file("set.quench", spinGlass("10")), "--set", "N:3"], says: /Q010/, status: 64 },
];

for (const verb of ["check", "verify", "run"]) {
  describe(`quench ${verb}`, () => {
    test.each(cases)("$what", async ({ arguments: given, says, status = 1 }) => {
      const result = await quench(given(verb), { cwd: folder });
      expect(result.stderr).toMatch(says);
      expect(result.stderr + result.stdout).not.toMatch(/^\s+at .*\(|node:internal|internal error/m);
      expect(result.status).toBe(status);
    });
  });
}

test("ten independent errors are ten diagnostics, in the order of the file", async () => {
  const { stdout } = await quench(["check", "--json", file("ten.quench", tenErrors)]);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { severity: string; labels: { span: { start: number } }[] }[] };
  expect(diagnostics.filter((d) => d.severity === "error").length).toBeGreaterThanOrEqual(10);
  const starts = diagnostics.map((d) => d.labels[0]!.span.start);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
});

describe("sizes are refused before anything is allocated", () => {
  test.each(["-3", "2.5"])("N = %s", async (size) => {
    const result = await quench(["verify", file("size.quench", spinGlass(size))], { cwd: folder });
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/error\[Q\d+\]/);
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });
  test("N = 1e9 names the size of each array", async () => {
    const result = await quench(["verify", file("huge.quench", spinGlass("1e9"))], { cwd: folder });
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/`X`.*1000000000 × 1000000000 × 1000000000/);
    expect(result.stderr).toMatch(/`w`/);
  });
  test("--set N=-3 and a sweep to 1e9", async () => {
    const set = await quench(["verify", file("fine.quench", spinGlass("10")), "--set", "N=-3"], { cwd: folder });
    expect(set.status).toBe(1);
    const sweep = await quench(["run", file("far.quench", spinGlass("10", "sweep N in [10, 1e9]"))], { cwd: folder });
    expect(sweep.status).toBe(1);
    expect(sweep.stderr).toMatch(/Q301/);
  });
});

describe("what only numbers decide is said before anything runs", () => {
  test("ten million tasks are the most", async () => {
    const { status, stderr } = await quench(["check", file("tasks.quench", spinGlass("10", "samples 1e9"))]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Q304.*2000000000 tasks/);
  });
  test("a sphere needs a positive squared radius", async () => {
    const { status, stderr } = await quench(["check", file("radius.quench", spinGlass("10").replace("== N", "== -N"))]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Q303.*squared radius -10/);
  });
  test.each(["verify", "run", "build"])("%s -o FILE", async (verb) => {
    const { status, stderr } = await quench([verb, file("fine.quench", spinGlass("10")), "-o", file("taken", "x")]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Q006.*ENOTDIR/);
    expect(stderr).not.toMatch(/tasks in/);
  });
});

test("energies that are not numbers are failed tasks, and claims about them undecided", async () => {
  const text = `model M(N = 4) {\n state w[i in N] : real\n constraint sum(i) w[i]^2 == N\n energy L = sum(i) log(w[i])\n observable o = w[1]\n}\nrun R of M { starts 3\n evolve descent() for 5 steps }\nclaim "small" : mean(R.o) < 3`;
  const { status, stdout, stderr } = await quench(["verify", "--json", file("nan.quench", text), "-o", join(folder, "nan")]);
  expect(status).toBe(2);
  expect((JSON.parse(stdout) as { claims: { verdict: string }[] }).claims[0]!.verdict).toBe("undecided");
  expect(stdout + stderr).toMatch(/Q803[^]*not a number/);
});

test("with --json, every line on stderr is JSON, whatever is wrong", async () => {
  const bad = file("bad.quench", spinGlass("10").replace("w[k]", "w[q]")), fine = file("fine.quench", spinGlass("10"));
  for (const arguments_ of [["check", bad], ["verify", bad], ["run", "nothing.quench"], ["verify", fine, "--only", "Nothing"], ["verify", fine, "--frob"], ["run", fine, "--set", "N"], ["resume", "nowhere"], ["status", "nowhere"], ["export", "nowhere"], ["verify", fine, "-o", file("taken", "x")]]) {
    const { status, stderr } = await quench([...arguments_, "--json"], { cwd: folder });
    expect([1, 64]).toContain(status);
    const events = stderr.trimEnd().split("\n").map((line) => JSON.parse(line) as { event: string; code?: string; places?: { line: number; column: number }[] });
    expect(events.length, arguments_.join(" ")).toBeGreaterThan(0);
    if (arguments_[1] === bad) expect(events.find((e) => e.code === "Q200")!.places![0]).toMatchObject({ file: bad, line: 6, column: 58 });
  }
});

test("wrong usage is exit status 64", async () => {
  for (const arguments_ of [[], ["verfy", "x"], ["verify"], ["verify", example("loss-surfaces.quench"), "--target", "gpu"], ["verify", example("loss-surfaces.quench"), "--only", "Nothing"], ["check", "--frob", "x"]]) {
    expect((await quench(arguments_, { cwd: folder })).status, arguments_.join(" ")).toBe(64);
  }
});

/** Run directories through the command line: what is kept when a specification changes, what is shown of it, the report. */
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browser, visit } from "./browser.ts";
import { quench, type Result } from "./commandLine.ts";

const folder = mkdtempSync(join(tmpdir(), "quench-directory-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model = `model SK(N = 20) {
  ensemble   J[i < j in N] ~ Normal(0, var = 1)
  state      s[i in N] : spin
  energy     H = -(sum(i < j) J[i,j] * s[i] * s[j]) / sqrt(N)
  observable e = H / N
}
`;
const runs = `run Cool of SK { sweep T in [1, 3]
  samples 6
  starts 2
  evolve metropolis(T) for 20 sweeps
  measure metropolis(T) for 200 sweeps every 10 }
run Hot of SK { starts 4
  measure metropolis(T = inf) for 100 sweeps every 10 }
`;
const claims = `claim "cold <b> is & lower" : (mean(Cool.e) at (T = 1)) < (mean(Cool.e) at (T = 3))
plot mean(Cool.e) vs T
plot histogram(Hot.e, bins = 8)
table Cool: T, mean(e)
table Hot: mean(e)
`;
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
const at = (...arguments_: readonly string[]): Promise<Result> => quench(arguments_, { cwd: folder });
const results = (directory: string): string => readFileSync(join(folder, directory, "results.json"), "utf8");
/** How many tasks each run has done in this call, by what it says. */
const done = ({ stderr }: Result): Record<string, number> => Object.fromEntries([...stderr.matchAll(/^(\w+): (\d+) tasks in/gm)].map(([, run, count]) => [run, Number(count)]));

describe("a specification that changes", () => {
  const directory = "study";
  const verify = async (text: string, ...options: readonly string[]): Promise<Result> => at("verify", write("study.quench", text), "-o", directory, ...options);
  beforeAll(async () => { expect(done(await verify(model + runs + claims))).toEqual({ Cool: 24, Hot: 4 }); });

  test("the same, comments, layout and other claims run nothing again", async () => {
    const before = results(directory);
    expect(done(await verify(model + runs + claims))).toEqual({});
    const commented = await verify(`# changed\n${model.replace("energy     H", "energy H   # the energy\n  ")}${runs}${claims}claim "more" : mean(Hot.e) < 5\n`);
    expect(done(commented)).toEqual({});
    expect(commented.stdout).toMatch(/holds +more/);
    await verify(model + runs + claims);
    expect(results(directory)).toBe(before);
  });

  test("a new run, more samples and more sweep points add to what is there", async () => {
    const more = runs.replace("samples 6", "samples 8").replace("[1, 3]", "[1, 2, 3]");
    expect(done(await verify(model + more + claims))).toEqual({ Cool: 3 * 16 - 24 });
    expect(done(await verify(`${model}${more}run Other of SK { evolve metropolis(T = 1) for 5 sweeps }\n${claims}claim "o" : mean(Other.e) < 5\n`))).toEqual({ Other: 1 });
  });

  test("a changed run or model has samples of its own, and the old ones are there when it changes back", async () => {
    const changed = await verify(model.replace("sqrt(N)", "sqrt(2*N)") + runs + claims);
    expect(done(changed)).toEqual({ Cool: 24, Hot: 4 });
    expect(done(await verify(model + runs.replace("for 20 sweeps", "for 21 sweeps") + claims))).toEqual({ Cool: 24 });
    expect(done(await verify(model + runs + claims))).toEqual({});
    await at("verify", write("fresh.quench", model + runs + claims), "-o", "fresh");
    expect(results("fresh")).toBe(results(directory));
  });

  test("another seed or target has, too", async () => {
    expect(done(await verify(model + runs + claims, "--seed", "5"))).toEqual({ Cool: 24, Hot: 4 });
    expect(done(await verify(model + runs + claims, "--target", "typescript"))).toEqual({ Cool: 24, Hot: 4 });
  });

  test("a new observable is computed from the states that were kept, to the last bit", async () => {
    const observed = `${model.replace("\n}", "\n  observable first = s[1] * s[2]\n  observable f = mean(s) with s = flip(s, 0.25)\n}")}${runs}${claims.replace("mean(e)\n", "mean(e), mean(first), mean(f)\n")}`;
    const again = await verify(observed);
    expect(again.stderr).toMatch(/Cool: first, f of 24 finished tasks from their states/);
    await at("verify", write("observed.quench", observed), "-o", "observed");
    expect(results("observed")).toBe(results(directory));
    // A changed definition of an old name is a new observable.
    expect((await verify(observed.replace("s[1] * s[2]", "s[1] * s[3]"))).stderr).toMatch(/Cool: first of 24 finished tasks from their states/);
  });

  test("states of all copies serve observables that read several; another copy runs anew, and it says so", async () => {
    const replicas = `${model.replace("\n}", "\n  observable q = mean(i) (s@1[i] * s@2[i])\n}")}run Two of SK { samples 3  measure metropolis(T = 2) for 50 sweeps every 5 }\n`;
    const of = (text: string, columns: string): Promise<Result> => at("run", write("copies.quench", `${text}table Two: ${columns}\n`), "-o", "copies");
    expect(done(await of(replicas, "mean(q)"))).toEqual({ Two: 3 });
    const more = replicas.replace("observable q", "observable d = mean(i) (s@1[i] - s@2[i])^2\n  observable q");
    expect((await of(more, "mean(q), mean(d)")).stderr).toMatch(/Two: d of 3 finished tasks from their states/);
    const third = more.replace("observable q", "observable p = mean(i) (s@1[i] * s@3[i])\n  observable q");
    const { stderr } = await of(third, "mean(q), mean(d), mean(p)");
    expect(stderr).toMatch(/Two: 3 finished tasks are kept, but of no use here: they have the copies @1, @2 of the state, and @1, @2, @3 are read now. All tasks run again/);
    expect((await of(third.replace("metropolis(T = 2)", "heat_bath(T = 2)"), "mean(q)")).stderr).toMatch(/Two: 3 finished tasks are kept, but of no use here: the model, its steps, .* have changed/);
  });

  test("without room for states it says what runs again", async () => {
    const small = (text: string): Promise<Result> => at("verify", write("small.quench", text), "-o", "small", "--keep-states", "0");
    await small(model + runs + claims);
    const again = await small(`${model.replace("\n}", "\n  observable first = s[1]\n}")}${runs}${claims}`);
    expect(again.stderr).toMatch(/Cool: 24 finished tasks lack first, and their states were not kept: they run again/);
    expect(done(again)).toEqual({ Cool: 24, Hot: 4 });
  });
});

test("the default folder is one for each file, seed and setting", async () => {
  write("default.quench", model + runs + claims);
  for (const options of [[], [], ["--seed", "3"], ["--set", "N=10"]]) await at("run", "default.quench", "--only", "Hot", "--quiet", ...options);
  const made = readdirSync(join(folder, "runs"));
  expect(made.length).toBe(3);
  for (const name of made) expect(name).toMatch(/^default-[0-9a-f]{8}$/);
});

describe("resume, status, report", () => {
  const directory = "begun";
  beforeAll(async () => { await at("run", write("begun.quench", model + runs + claims), "--only", "Hot", "--seed", "4", "-o", directory, "--quiet"); });

  test("run.json says how to run it again", () => {
    const described = JSON.parse(readFileSync(join(folder, directory, "run.json"), "utf8")) as Record<string, unknown>;
    expect(described).toMatchObject({ verb: "run", specification: "begun.quench", status: "finished", precision: "float64", settings: { seed: 4, only: "Hot", target: "wasm", set: [] } });
    expect(described["runs"]).toMatchObject([{ run: "Hot", model: "SK", seed: 4, tasks: 4, finished: 4 }]);
    expect(readFileSync(join(folder, directory, "spec.quench"), "utf8")).toBe(model + runs + claims);
  });

  test("status counts, report evaluates what there is, resume is done", async () => {
    const { stdout, status } = await at("status", directory);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Cool +0 +24/);
    expect(stdout).toMatch(/Hot +4 +4/);
    const listed = JSON.parse((await at("status", directory, "--json")).stdout) as { runs: { run: string; finished: number }[] };
    expect(listed.runs.map((r) => [r.run, r.finished])).toEqual([["Cool", 0], ["Hot", 4]]);
    expect((await at("resume", directory, "--quiet")).status).toBe(0);
    const before = readFileSync(join(folder, directory, "run.json"), "utf8");
    rmSync(join(folder, directory, "report.html"));
    expect((await at("report", directory)).status).toBe(0);
    expect(existsSync(join(folder, directory, "report.html"))).toBe(true);
    expect(readFileSync(join(folder, directory, "run.json"), "utf8")).toBe(before);
  });

  test("the specification in it needs no imported file", async () => {
    const library = write("library.quench", model);
    const { status } = await at("run", write("importing.quench", `import "library.quench"\n${runs}`), "--only", "Hot", "--quiet", "-o", "importing");
    expect(status).toBe(0);
    rmSync(join(folder, library));
    const { stdout } = await at("status", "importing");
    expect(stdout).toMatch(/Hot +4 +4/);
    expect(done(await at("resume", "importing"))).toEqual({});
  });

  test.each(["resume", "status", "report", "export"])("%s of something else", async (verb) => {
    const { status, stderr } = await at(verb, "nothing");
    expect(status).toBe(1);
    expect(stderr).toMatch(/Q009.*not a run directory/);
  });

  test.each(["", '{"quench": "0.1', "null", "{}", '{"runs": [], "settings": {}}'])("a damaged run.json, %s, is said to be one, and the samples are taken up again", async (text) => {
    const path = join(folder, directory, "run.json");
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, text);
    const { status, stderr } = await at("status", directory);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Q009.*no run\.json that can be read/);
    if (text === "null") expect(done(await at("run", "begun.quench", "--only", "Hot", "--seed", "4", "-o", directory))).toEqual({});
    else writeFileSync(path, whole);
  });

  test("a directory in which a process is at work is refused", async () => {
    writeFileSync(join(folder, directory, "lock"), JSON.stringify({ pid: process.pid, host: (await import("node:os")).hostname(), since: "now", token: "x" }));
    const { status, stderr } = await at("resume", directory);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Q008.*process \d+ on/);
    rmSync(join(folder, directory, "lock"));
  });
});

test("--json: events as lines on stderr, one object on stdout; --quiet says nothing", async () => {
  const { stdout, stderr } = await at("verify", write("events.quench", model + runs + claims), "--json", "-o", "events");
  expect(Object.keys(JSON.parse(stdout) as object)).toContain("claims");
  const events = stderr.trimEnd().split("\n").map((line) => JSON.parse(line) as { event: string; run: string; done: number; estimates?: { observable: string; mean: number; error: number }[] });
  expect(events.filter((e) => e.event === "start").map((e) => e.run)).toEqual(["Cool", "Hot"]);
  expect(events.filter((e) => e.event === "end").map((e) => e.done)).toEqual([24, 4]);
  const [estimate] = events.filter((e) => e.event === "progress" && e.run === "Cool").at(-1)!.estimates!;
  expect(estimate).toMatchObject({ observable: "H" });
  const quiet = await at("verify", "events.quench", "--quiet", "-o", "quiet");
  expect(quiet.stderr).toBe("");
});

test("run -n: tasks with cost, memory and time, and nothing is run", async () => {
  const { stdout, status } = await at("run", write("dry.quench", model + runs + claims), "-n", "--workers", "2", "-o", "dry");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Cool +T = 1 +12 +220 .* s .* s +\S+ KiB$/m);
  expect(stdout).toMatch(/^28 tasks, about .* about .* with 2 workers/m);
  expect(stdout).toMatch(/^Cool at N = 20:\n( {2}.*\n)+one model \S+ KiB, 2 at a time: peak \S+ KiB$/m);
  expect(existsSync(join(folder, "dry"))).toBe(false);
  const listed = JSON.parse((await at("run", "dry.quench", "-n", "--json", "--only", "Hot")).stdout) as { tasks: number; points: { secondsPerTask: number; bytes: number }[] };
  expect(listed.tasks).toBe(4);
  expect(listed.points[0]!.secondsPerTask).toBeGreaterThan(0);
  expect(listed.points[0]!.bytes).toBeGreaterThan(20 * 19 / 2 * 8);
  const { status: refused, stderr } = await at("run", "dry.quench", "-n", "--memory", "1k");
  expect(refused).toBe(1);
  expect(stderr).toMatch(/Q305.*Cool would take .* more than the 1000 bytes/);
  // A condition ends a task long before its cap: the time is that of a whole one.
  write("until.quench", `${model}run Down of SK { evolve metropolis(T = 0) for 1e6 sweeps until change < 1e-9 }\n`);
  const { points } = JSON.parse((await at("run", "until.quench", "-n", "--json")).stdout) as { points: { calls: number; atMost: boolean }[] };
  expect(points[0]!.calls).toBeLessThan(1000);
  expect(points[0]!.atMost).toBe(false);
});

test.each(["csv", "jsonl", "npz", "hdf5", "parquet"])("export --format %s writes a file for each run", async (format) => {
  const { stdout, status } = await at("export", "events", "--format", format, "-o", `export-${format}`);
  expect(status).toBe(0);
  const paths = stdout.trimEnd().split("\n");
  expect(paths.map((path) => path.replace(/^.*\/|\.\w+$/g, ""))).toEqual(["Cool", "Hot"]);
  for (const path of paths) expect(readFileSync(join(folder, path)).length).toBeGreaterThan(500);
});

test("export of a csv holds what results were computed from", async () => {
  const [header, ...rows] = readFileSync(join(folder, "export-csv", "Cool.csv"), "utf8").trimEnd().split("\n").map((line) => line.split(","));
  expect(header).toEqual(["T", "sample", "start", "record", "time (sweeps)", "H", "e"]);
  const cold = rows.filter((row) => row[0] === "1").map((row) => Number(row[6]));
  const { tables } = JSON.parse(results("events")) as { tables: { rows: { cells: { value: number }[] }[] }[] };
  expect(cold.length).toBe(240);
  expect(cold.reduce((sum, e) => sum + e, 0) / 240).toBeCloseTo(tables[0]!.rows[0]!.cells[1]!.value, 12);
});

describe("report.html", () => {
  let page: string;
  beforeAll(async () => {
    await at("verify", write("page.quench", model + runs + claims), "-o", "page", "--quiet");
    page = readFileSync(join(folder, "page", "report.html"), "utf8");
  });

  test("needs nothing beside it, and shows text as text", () => {
    expect(page).not.toMatch(/<script|@import|<iframe|<img|(?:src|href)="(?!data:|#)/);
    expect(page).toContain("cold &lt;b&gt; is &amp; lower");
    for (const part of ["Claims", "Figures", "Tables", "Diagnostics", "Specification", "autocorrelation time", "split R-hat", "tasks a second", '<span class="item">model</span>']) expect(page).toContain(part);
    const names = [...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(names).size).toBe(names.length);
  });

  test.skipIf(browser === undefined)("in a browser: one request, no message, figures with their axes", { timeout: 60_000 }, async () => {
    const seen = await visit(browser!, pathToFileURL(join(folder, "page", "report.html")).href, "[document.title, document.querySelectorAll('figure svg').length, document.querySelectorAll('svg text').length, document.documentElement.scrollWidth <= innerWidth]");
    expect(seen.requests.filter((url) => !url.startsWith("data:,"))).toEqual([pathToFileURL(join(folder, "page", "report.html")).href]);
    expect(seen.console).toEqual([]);
    const [title, figures, texts, fits] = seen.value as [string, number, number, boolean];
    expect([title, figures, fits]).toEqual(["page.quench", 2, true]);
    expect(texts).toBeGreaterThan(20);
    expect(seen.screenshot.length).toBeGreaterThan(10_000);
  });
});

test("half-written files of a killed process are removed", async () => {
  writeFileSync(join(folder, "quiet", "results.json.99.tmp"), "half");
  appendFileSync(join(folder, "quiet", "samples", readdirSync(join(folder, "quiet", "samples"))[0]!), "torn");
  const { status } = await at("verify", "events.quench", "--quiet", "-o", "quiet");
  expect(status).toBe(0);
  expect(readdirSync(join(folder, "quiet")).some((name) => name.endsWith(".tmp"))).toBe(false);
  expect(results("quiet")).toBe(results("events"));
});

describe("a run that starts from another one", () => {
  const first = (sweeps: number): string => `run First of SK { samples 3  sweep T in [2, 1]  evolve metropolis(T) for ${sweeps} sweeps }\n`;
  const next = "run Next of SK { samples 3  starts 2  start from First at (T = 1)  evolve metropolis(T = 0) for 2 sweeps }\ntable Next: mean(e)\n";
  const samples = (directory: string, run: string): Buffer[] => readdirSync(join(folder, directory, "samples")).filter((f) => f.startsWith(run)).map((f) => readFileSync(join(folder, directory, "samples", f)));

  test("brings that along, goes on from states that were stored, and runs again when that changes", async () => {
    write("next.quench", model + next + first(5));
    expect(done(await at("run", "next.quench", "-o", "whole", "--only", "Next", "--workers", "1"))).toEqual({ First: 6, Next: 6 });
    // The states of the first run were not kept, as nothing read them.
    write("first.quench", model + first(5));
    expect(done(await at("run", "first.quench", "-o", "parts", "--keep-states", "0"))).toEqual({ First: 6 });
    expect(done(await at("run", "next.quench", "-o", "parts", "--only", "First", "--workers", "2"))).toEqual({ First: 6 });
    expect(done(await at("run", "next.quench", "-o", "parts", "--only", "Next", "--workers", "2"))).toEqual({ Next: 6 });
    expect(samples("parts", "Next")).toEqual(samples("whole", "Next"));
    write("next.quench", model + next + first(6));
    expect(done(await at("run", "next.quench", "-o", "parts"))).toEqual({ First: 6, Next: 6 });
  });
});

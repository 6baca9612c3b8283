/** One writer at a time: the living are respected, the dead are not waited for. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isHeld, lockDirectory, lockHolder } from "../../../runtime/results/store/directoryLock.ts";

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "quench-lock-")); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("held, refused, released", async () => {
  const first = await lockDirectory(folder);
  if (!first.ok) throw new Error("not taken");
  const second = await lockDirectory(folder);
  expect(second).toMatchObject({ ok: false, holder: { pid: process.pid, host: hostname() } });
  expect(await isHeld(folder)).toBe(true);
  first.release();
  expect(await lockHolder(folder)).toBeUndefined();
  const third = await lockDirectory(folder);
  expect(third.ok).toBe(true);
  first.release(); // not its own any more
  expect(await isHeld(folder)).toBe(true);
  expect(readdirSync(folder)).toEqual(["lock"]);
});

test("a lock of a process that is gone, of another one with its number, of a silent machine, or unreadable, is taken over", async () => {
  const dead = spawn(process.execPath, ["-e", "0"]);
  await new Promise((done) => dead.on("exit", done));
  const now = new Date().toISOString();
  const old = new Date(Date.now() - 120_000);
  const cases: readonly [unknown, boolean, Date?][] = [
    [{ pid: dead.pid, host: hostname(), since: now, token: "a" }, true],
    [{ pid: process.pid, host: hostname(), begun: "1", since: now, token: "b" }, true],
    [{ pid: process.pid, host: hostname(), since: now, token: "c" }, false],
    [{ pid: 1, host: "elsewhere", since: now, token: "d" }, false],
    [{ pid: 1, host: "elsewhere", since: now, token: "e" }, true, old],
    ["", true],
  ];
  for (const [content, taken, touched] of cases) {
    writeFileSync(join(folder, "lock"), typeof content === "string" ? content : JSON.stringify(content));
    if (touched) utimesSync(join(folder, "lock"), touched, touched);
    const lock = await lockDirectory(folder);
    expect(lock.ok, JSON.stringify(content)).toBe(taken);
    if (lock.ok) lock.release();
    rmSync(join(folder, "lock"), { force: true });
  }
});

test("of many processes that find a stale lock one at a time gets it", async () => {
  writeFileSync(join(folder, "lock"), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), since: "", token: "stale" }));
  const module = resolve(import.meta.dirname, "../../../runtime/results/store/directoryLock.ts");
  const program = `
    import { appendFileSync } from "node:fs";
    import { lockDirectory } from ${JSON.stringify(module)};
    for (let k = 0; k < 10; ) {
      const lock = await lockDirectory(${JSON.stringify(folder)});
      if (!lock.ok) { await new Promise((done) => setTimeout(done, 2)); continue; }
      appendFileSync(${JSON.stringify(join(folder, "log"))}, "enter " + process.pid + "\\n");
      await new Promise((done) => setTimeout(done, 3));
      appendFileSync(${JSON.stringify(join(folder, "log"))}, "leave " + process.pid + "\\n");
      lock.release();
      k++;
    }`;
  await Promise.all([1, 2, 3].map(() => new Promise<void>((done, fail) => {
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], { cwd: resolve(import.meta.dirname, "../../.."), stdio: "inherit" });
    child.on("exit", (code) => (code === 0 ? done() : fail(new Error(`exit status ${code}`))));
  })));
  const lines = readFileSync(join(folder, "log"), "utf8").trimEnd().split("\n").map((line) => line.split(" "));
  expect(lines.length).toBe(60);
  for (let k = 0; k < lines.length; k += 2) expect(lines[k + 1]).toEqual(["leave", lines[k]![1]]);
});

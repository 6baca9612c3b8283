/**
 * One process writes to a run directory at a time. The lock is a file that says who has it; it is stale when that process is gone (on this
 * machine) or has not touched the file for a minute (on another one, seen through a shared file system).
 */
import { randomUUID } from "node:crypto";
import { link, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, so that another one with its number is not taken for it; absent where the system doesn't tell. */
  readonly begun?: string;
  /** When it took the lock. */
  readonly since: string;
  readonly token: string;
}

export type LockResult =
  | { readonly ok: true; readonly release: () => void }
  | { readonly ok: false; readonly holder: LockHolder };

const FILE = "lock";
/** Seconds between two touches, and after how many without one another machine's lock is stale. */
const TOUCH = 15;
const STALE = 60;

export async function lockDirectory(directory: string): Promise<LockResult> {
  const path = join(directory, FILE);
  const begun = processBegin(process.pid);
  const own: LockHolder = { pid: process.pid, host: hostname(), ...(begun === undefined ? {} : { begun }), since: new Date().toISOString(), token: randomUUID() };
  for (;;) {
    if (await create(path, own)) return { ok: true, release: keep(path, own) };
    const found = await lockHolder(directory);
    if (found === undefined) continue; // released meanwhile
    if (!(await isStale(path, found))) return { ok: false, holder: found };
    await remove(path, found);
  }
}

/** Who has the lock of a directory, dead or alive. */
export async function lockHolder(directory: string): Promise<LockHolder | undefined> {
  const text = await readFile(join(directory, FILE), "utf8").catch((error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? undefined : Promise.reject(error)));
  return text === undefined ? undefined : parse(text);
}

export const isHeld = async (directory: string): Promise<boolean> => {
  const holder = await lockHolder(directory);
  return holder !== undefined && !(await isStale(join(directory, FILE), holder));
};

/** The file appears with its content, by a link to one that is complete: nobody reads half a name. */
async function create(path: string, own: LockHolder): Promise<boolean> {
  const complete = `${path}.${own.token}.tmp`;
  const file = await open(complete, "wx");
  try {
    await file.writeFile(JSON.stringify(own));
    await file.close();
    await link(complete, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(complete, { force: true });
  }
}

async function isStale(path: string, holder: LockHolder): Promise<boolean> {
  if (holder.host !== hostname()) {
    const found = await stat(path).catch(() => undefined);
    return found !== undefined && Date.now() - found.mtimeMs > 1000 * STALE;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return true;
  }
  return holder.begun !== undefined && processBegin(holder.pid) !== holder.begun;
}

/** Removes a stale lock, and no other: of several that try, one gets hold of it, and puts back what is not what it saw. */
async function remove(path: string, stale: LockHolder): Promise<void> {
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    await rename(path, aside);
  } catch {
    return; // another one was faster
  }
  const taken = parse(await readFile(aside, "utf8"));
  if (taken.token !== stale.token) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Touches the lock while it is held. Returns what releases it. */
function keep(path: string, { token }: LockHolder): () => void {
  const timer = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), 1000 * TOUCH);
  timer.unref();
  return () => {
    clearInterval(timer);
    try {
      if (parse(readFileSync(path, "utf8")).token === token) rmSync(path);
    } catch {
      // The directory is gone: so is the lock.
    }
  };
}

/** A lock that can't be read was left by a crash of the machine. */
function parse(text: string): LockHolder {
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    return { pid: 0, host: hostname(), begun: "never", since: "", token: "" };
  }
}

/** Clock ticks between the start of the machine and that of a process, from /proc; undefined on systems without it. */
function processBegin(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, in parentheses, may hold anything; 20 fields follow it before the start.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // One that is dead, and that nobody has asked for yet, still has its number.
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

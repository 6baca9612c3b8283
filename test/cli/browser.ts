/** Headless Chromium over its debugging pipe, for tests of pages. */
import { spawn, spawnSync } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** The browser of the machine; undefined where there is none. */
export const browser: string | undefined = ["chromium", "chromium-browser", "google-chrome"].find((name) => spawnSync(name, ["--version"]).status === 0);

export interface PageVisit {
  /** Everything that the page asked for, itself included. */
  readonly requests: readonly string[];
  readonly console: readonly string[];
  /** Value of the expression in the loaded page. */
  readonly value: unknown;
  readonly screenshot: Buffer;
}

interface Message { readonly id?: number; readonly method?: string; readonly sessionId?: string; readonly params?: Record<string, unknown>; readonly result?: Record<string, unknown> }

export async function visit(executable: string, url: string, expression: string): Promise<PageVisit> {
  const child = spawn(executable, ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1100,2400", "--remote-debugging-pipe", "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const [, , , input, output] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, (message: Message) => void>();
  const listeners: ((message: Message) => void)[] = [];
  let rest = "";
  output.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString("utf8")).split("\0");
    rest = parts.pop()!;
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id !== undefined) waiting.get(message.id)?.(message);
      else for (const listener of listeners) listener(message);
    }
  });
  let last = 0;
  const call = (method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> => new Promise((done) => {
    waiting.set(++last, (message) => done(message.result ?? {}));
    input.write(`${JSON.stringify({ id: last, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
  });
  try {
    const { targetId } = await call("Target.createTarget", { url: "about:blank" });
    const { sessionId } = (await call("Target.attachToTarget", { targetId, flatten: true })) as { sessionId: string };
    const requests: string[] = [];
    const messages: string[] = [];
    const loaded = new Promise<void>((done) => listeners.push(({ method, params }) => {
      if (method === "Network.requestWillBeSent") requests.push((params!["request"] as { url: string }).url);
      if (method === "Runtime.consoleAPICalled" || method === "Runtime.exceptionThrown" || method === "Log.entryAdded") messages.push(JSON.stringify(params));
      if (method === "Page.loadEventFired") done();
    }));
    for (const domain of ["Page", "Network", "Runtime", "Log"]) await call(`${domain}.enable`, {}, sessionId);
    await call("Page.navigate", { url }, sessionId);
    await loaded;
    // What a page asks for late, it asks for soon after.
    await new Promise((done) => setTimeout(done, 300));
    const { result } = (await call("Runtime.evaluate", { expression, returnByValue: true }, sessionId)) as { result: { value: unknown } };
    const { data } = (await call("Page.captureScreenshot", {}, sessionId)) as { data: string };
    return { requests, console: messages, value: result.value, screenshot: Buffer.from(data, "base64") };
  } finally {
    child.kill("SIGKILL");
  }
}

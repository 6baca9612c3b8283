import { execFile } from "node:child_process";
import { resolve } from "node:path";

export interface Result { readonly status: number; readonly stdout: string; readonly stderr: string }

const root = resolve(import.meta.dirname, "../..");
export const example = (name: string): string => resolve(root, "examples", name);

/** Runs the built command line (`npm ci` builds it) as a user does. */
export const quench = (arguments_: readonly string[], options: { readonly cwd?: string; readonly timeout?: number } = {}): Promise<Result> =>
  new Promise((done) => {
    execFile(process.execPath, [resolve(root, "dist/quench.js"), ...arguments_], { encoding: "utf8", maxBuffer: 2 ** 26, ...options }, (error, stdout, stderr) => {
      done({ status: error ? (typeof error.code === "number" ? error.code : -1) : 0, stdout, stderr });
    });
  });

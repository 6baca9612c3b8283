import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { openSpecification, type OpenOptions } from "../openSpecification.ts";
import { paint, toStdout } from "../terminal.ts";

/** `quench check FILE`: every error and warning of a specification; nothing is run. */
export function check(path: string, options: OpenOptions): ExitStatus {
  const opened = openSpecification(path, options);
  if (!opened.ok) return opened.status;
  const { diagnostics, models, runs, skipped, claims } = opened.compilation;
  if (options.json) toStdout(JSON.stringify({ file: path, accepted: true, diagnostics }, undefined, 2));
  else toStdout(`${paint("good", "ok")}  ${path}: ${count(models.length, "model")}, ${count(runs.length + skipped.length, "run")}, ${count(claims.length, "claim")}`);
  return exitStatus.ok;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

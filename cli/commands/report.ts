import { join } from "node:path";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { openRun, type ResumeOptions } from "../openRunDirectory.ts";
import { say } from "../terminal.ts";
import { conductVerification } from "./verify.ts";

/** `quench report DIR`: evaluates claims, tables and figures on what the directory has, writes them and report.html; nothing is run. */
export async function report(directory: string, options: ResumeOptions): Promise<ExitStatus> {
  const opened = await openRun(directory, options);
  if (!opened.ok) return opened.status;
  const status = await conductVerification(opened.source, opened.options, true);
  if (options.quiet !== true && (status === exitStatus.ok || status === exitStatus.claims)) say(join(directory, "report.html"));
  return status;
}

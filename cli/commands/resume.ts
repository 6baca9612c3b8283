import type { ExitStatus } from "../exitStatus.ts";
import { openRun, type ResumeOptions } from "../openRunDirectory.ts";
import { conductRun } from "./run.ts";
import { conductVerification } from "./verify.ts";

/** `quench resume DIR`: goes on with the verb and the settings with which it was begun. */
export async function resume(directory: string, options: ResumeOptions): Promise<ExitStatus> {
  const opened = await openRun(directory, options);
  if (!opened.ok) return opened.status;
  return opened.description.verb === "run" ? conductRun(opened.source, opened.options) : conductVerification(opened.source, opened.options);
}

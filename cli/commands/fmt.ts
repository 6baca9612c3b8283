import { format } from "../../grammar/index.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { readSource } from "../readSource.ts";
import { reportDiagnostics } from "../reportDiagnostics.ts";
import { say } from "../terminal.ts";

/** `quench fmt FILE…`: canonical text on stdout, or in place with `--write`; `--check` names the files that would change. */
export async function fmt(paths: readonly string[], options: { readonly write?: boolean; readonly check?: boolean }): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.ok;
  for (const path of paths) {
    const read = readSource(path);
    if (!read.ok) {
      reportDiagnostics([read.diagnostic]);
      status = exitStatus.rejected;
      continue;
    }
    const { text, diagnostics } = format(read.source.text);
    if (text === undefined) {
      reportDiagnostics(diagnostics, read.source);
      status = exitStatus.rejected;
    } else if (options.check) {
      if (text === read.source.text) continue;
      say(`${path} is not in canonical form`);
      status = exitStatus.rejected;
    } else if (options.write) {
      if (text !== read.source.text) await (await import("../../runtime/results/store/durableFile.ts")).replaceDurably(path, text);
    } else process.stdout.write(text);
  }
  return status;
}

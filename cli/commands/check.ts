import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { openSpecification, type OpenOptions } from "../openSpecification.ts";
import { reportDiagnostics } from "../reportDiagnostics.ts";
import { paint, say, toStdout } from "../terminal.ts";
import { typeCheckExtensions } from "../../compiler/extensions/typeCheck.ts";

/** `quench check FILE`: every error and warning of a specification; nothing is run. */
export function check(path: string, options: OpenOptions): ExitStatus {
  const opened = openSpecification(path, options);
  if (!opened.ok) return opened.status;
  const { models, runs, claims, extensionFiles, source } = opened.compilation;
  const types = extensionFiles.length === 0 ? [] : typeCheckExtensions(extensionFiles, opened.dataDirectory);
  const diagnostics = [...opened.compilation.diagnostics, ...(types ?? [])];
  if (!types) say("the types of its extensions are not checked: no `typescript` is installed beside it (`npm install --save-dev typescript`)");
  if (types && types.length > 0) {
    if (options.json) toStdout(JSON.stringify({ file: path, accepted: false, diagnostics }, undefined, 2));
    else reportDiagnostics(types, source);
    return exitStatus.rejected;
  }
  if (options.json) toStdout(JSON.stringify({ file: path, accepted: true, diagnostics }, undefined, 2));
  else toStdout(`${paint("good", "ok")}  ${path}: ${count(models.length, "model")}, ${count(runs.length, "run")}, ${count(claims.length, "claim")}`);
  return exitStatus.ok;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

import { catalogue } from "../../compiler/catalogue.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { paint, toStdout } from "../terminal.ts";

/** `quench functions`: everything that an expression can call. */
export function functions(): ExitStatus {
  for (const { title, entries } of catalogue()) {
    const width = Math.max(...entries.map((e) => e.form.length));
    toStdout(paint("bold", title));
    for (const { form, doc } of entries) toStdout(`  ${form.padEnd(width)}  ${doc}`);
    toStdout("");
  }
  return exitStatus.ok;
}

import { catalogue } from "../../compiler/catalogue.ts";
import { libraryEntries, libraryFiles } from "../../compiler/standardLibrary.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { paint, toStdout } from "../terminal.ts";

/** `quench functions`: everything that an expression can call, the functions of the library last. */
export function functions(): ExitStatus {
  for (const { title, entries } of catalogue()) {
    const width = Math.max(...entries.map((e) => e.form.length));
    toStdout(paint("bold", title));
    for (const { form, doc } of entries) toStdout(`  ${form.padEnd(width)}  ${doc}`);
    toStdout("");
  }
  for (const file of libraryFiles()) {
    toStdout(paint("bold", `import "${file}"`));
    const entries = libraryEntries().filter((e) => e.file === file);
    const width = Math.max(...entries.map((e) => e.form.length));
    for (const { form, doc } of entries) toStdout(`  ${form.padEnd(width)}  ${doc}`);
    toStdout("");
  }
  return exitStatus.ok;
}

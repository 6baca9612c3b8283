import { dirname } from "node:path";
import { compile, type Compilation, type CompileOptions } from "../compiler/compile.ts";
import type { Diagnostic, Source } from "../grammar/index.ts";
import { exitStatus, type ExitStatus } from "./exitStatus.ts";
import { readSource } from "./readSource.ts";
import { reportDiagnostics } from "./reportDiagnostics.ts";
import { parseSettings } from "./settings.ts";
import { toStdout } from "./terminal.ts";

export interface OpenOptions {
  readonly json?: boolean;
  readonly set?: readonly string[];
  readonly seed?: number;
  /** Where relative paths of data files start: the folder of the specification, if not given. */
  readonly dataDirectory?: string;
  /** See `CompileOptions`. */
  readonly deriveTheories?: boolean;
}

export type Opened =
  | { readonly ok: true; readonly source: Source; readonly compilation: Compilation; readonly dataDirectory: string; readonly set: Readonly<Record<string, number>> }
  | { readonly ok: false; readonly status: ExitStatus };

/** What every verb begins with: reads and compiles a specification, and reports its diagnostics (with `--json` also on stdout, if it is rejected). */
export function openSpecification(path: string, options: OpenOptions = {}): Opened {
  const reject = (diagnostics: readonly Diagnostic[], status: ExitStatus, source?: Source): Opened => {
    if (options.json) toStdout(JSON.stringify({ file: path, accepted: false, diagnostics }, undefined, 2));
    reportDiagnostics(diagnostics, source);
    return { ok: false, status };
  };
  const settings = parseSettings(options.set ?? []);
  if (!settings.ok) return reject([settings.diagnostic], exitStatus.usage);
  const read = readSource(path);
  if (!read.ok) return reject([read.diagnostic], exitStatus.rejected);
  const dataDirectory = options.dataDirectory ?? dirname(path);
  const compileOptions: CompileOptions = { name: path, set: settings.set, directory: dataDirectory, ...(options.seed === undefined ? {} : { seed: options.seed }), ...(options.deriveTheories === false ? { deriveTheories: false } : {}) };
  const compilation = compile(read.source.text, compileOptions);
  if (!compilation.accepted) return reject(compilation.diagnostics, exitStatus.rejected, compilation.source);
  reportDiagnostics(compilation.diagnostics, compilation.source);
  return { ok: true, source: compilation.source, compilation, dataDirectory, set: settings.set };
}

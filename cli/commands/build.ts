import { basename, join } from "node:path";
import { generation, missingSimd, type Choice } from "../arithmetic.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { openSpecification } from "../openSpecification.ts";
import { reportDiagnostics } from "../reportDiagnostics.ts";
import { makeDirectory } from "../resultsDirectory.ts";
import { say, toStdout } from "../terminal.ts";

export interface BuildOptions extends Pick<Choice, "simd" | "precision"> {
  readonly output: string;
  /** Names of models, separated by commas; all if not given. */
  readonly model?: string;
}

/** `quench build FILE -o DIR`: MODEL.ts, and MODEL.wasm beside it, for each model of the file. */
export async function build(path: string, options: BuildOptions): Promise<ExitStatus> {
  const opened = openSpecification(path);
  if (!opened.ok) return opened.status;
  const { models } = opened.compilation;
  const wanted = options.model?.split(",").map((name) => name.trim());
  const unknown = wanted?.filter((name) => !models.some((m) => m.name === name)) ?? [];
  if (unknown.length > 0) {
    say(`there is no model ${unknown.join(", ")} in ${path}; it has ${models.map((m) => m.name).join(", ") || "none"}`);
    return exitStatus.usage;
  }
  const unwritable = makeDirectory(options.output);
  if (unwritable) return reportDiagnostics([unwritable]), exitStatus.rejected;
  const [{ generateModel }, { emitModule }, { format }, { replaceDurably }] = await Promise.all([
    import("../../compiler/generateModel.ts"), import("../../compiler/5-emit/typescript/emitModule.ts"),
    import("../../compiler/5-emit/typescript/format.ts"), import("../../runtime/results/store/durableFile.ts"),
  ]);
  const choice: Choice = { ...options, target: "wasm" };
  const missing = missingSimd(choice);
  if (missing !== undefined) say(missing);
  let written = 0;
  let status: ExitStatus = exitStatus.ok;
  for (const { name, program } of models) {
    if (!program || (wanted && !wanted.includes(name))) continue;
    const generated = generateModel(program, { hessian: true, ...generation(choice) });
    if (!generated.ok) {
      reportDiagnostics(generated.diagnostics, opened.source);
      status = exitStatus.rejected;
      continue;
    }
    const [module, bytes] = [join(options.output, `${name}.ts`), join(options.output, `${name}.wasm`)];
    await replaceDurably(bytes, generated.wasm.bytes);
    await replaceDurably(module, await format(emitModule(generated.scheduled, { types: true, wasmFile: `${name}.wasm`, source: basename(path) })));
    toStdout(`${module}\n${bytes}`);
    written++;
  }
  if (written === 0 && status === exitStatus.ok) {
    say(`nothing was built: ${path} has no model that this version can compile`);
    return exitStatus.rejected;
  }
  return status;
}

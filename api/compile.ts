import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { compile as compileText, type Compilation, type CompileOptions } from "../compiler/compile.ts";
import { generateModel } from "../compiler/generateModel.ts";
import { renderDiagnostic, type Diagnostic, type Source } from "../grammar/index.ts";
import { evaluateModule } from "../runtime/loadModule.ts";
import type { ModelOptions } from "../runtime/model.ts";
import type { RunnableModel } from "../runtime/modelSupport/index.ts";

/** A compiled specification. What is wrong with it is in `diagnostics`; one that isn't `accepted` cannot be run. */
export interface Specification extends Compilation {
  readonly options: CompileOptions;
  /**
   * An instance of a model at these values of its parameters, with the defaults for the others. `draw(seed, sample)` draws its disorder; `energy`,
   * `gradient` and observables are functions of a state, `dimension` numbers.
   *
   * @throws Rejection for a specification that was rejected, Error for a name that no runnable model has
   */
  readonly createModel: (name: string, parameters?: Readonly<Record<string, number>>, options?: ModelOptions) => RunnableModel;
}

/** A specification that cannot be run, with its diagnostics; the message is what the command line prints. */
export class Rejection extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], source: Source) {
    super(diagnostics.map((d) => renderDiagnostic(d, source)).join("\n\n"));
    this.name = "Rejection";
    this.diagnostics = diagnostics;
  }
}

/** Compiles the text of a specification. Relative paths in it start at `options.directory`, the working directory if it isn't given. */
export function compile(text: string, options: CompileOptions = {}): Specification {
  const compilation = compileText(text, options);
  return {
    ...compilation, options,
    createModel: (name, parameters = {}, modelOptions = {}) => {
      requireAccepted(compilation);
      const program = compilation.models.find((m) => m.name === name)?.program;
      if (!program) throw new Error(`there is no model \`${name}\` that can run; there are ${compilation.models.filter((m) => m.program).map((m) => m.name).join(", ") || "none"}`);
      const generated = generateModel(program, { hessian: true, factorGraph: true });
      const code = generated.ok ? generated : generateModel(program, {});
      if (!code.ok) throw new Rejection(code.diagnostics, compilation.source);
      return evaluateModule(code.javascript, code.wasm.bytes).createModel(parameters, { directory: options.directory, ...modelOptions }) as RunnableModel;
    },
  };
}

/** Compiles a file; relative paths in it start at its folder. */
export const compileFile = (path: string, options: Omit<CompileOptions, "name" | "directory"> = {}): Specification =>
  compile(readFileSync(path, "utf8"), { ...options, name: path, directory: dirname(path) });

/** @throws Rejection with the errors */
export function requireAccepted({ accepted, diagnostics, source }: Compilation): void {
  if (!accepted) throw new Rejection(diagnostics.filter((d) => d.severity === "error"), source);
}

/** From the text of a specification to a runnable model: what the tests of the whole pipeline start from. */
import { compile, type Compilation } from "../../compiler/compile.ts";
import { generateModel, type GeneratedModel } from "../../compiler/generateModel.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";

export function compileText(text: string): Compilation {
  const compilation = compile(text);
  if (!compilation.accepted) throw new Error(compilation.diagnostics.map((d) => `${d.code} ${d.message}`).join("\n"));
  return compilation;
}

export function generate(text: string, options: { readonly moves?: boolean } = {}): GeneratedModel {
  const program = compileText(text).models[0]?.program;
  if (!program) throw new Error("the model has no program");
  const generated = generateModel(program, { hessian: true, ...options });
  if (!generated.ok) throw new Error(generated.diagnostics.map((d) => d.message).join("\n"));
  return generated;
}

export const instantiate = (generated: GeneratedModel, parameters: Readonly<Record<string, number>>, target: "wasm" | "typescript" = "wasm"): RunnableModel<string, string> =>
  evaluateModule(generated.javascript, generated.wasm.bytes).createModel(parameters, { target }) as RunnableModel<string, string>;

/** A point of the model's constraint set that depends on `seed` only. */
export function somewhere(model: RunnableModel<string, string>, seed: number): Float64Array {
  return model.randomState(seed, 0);
}

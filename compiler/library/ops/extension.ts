/**
 * The public form of a function of numbers that a specification brings in with `use`, and its way into the table of operators. There it
 * has a name that holds the hash of its file: expressions that call it, and with them the addresses of runs, say which text they mean.
 */
import type { Apply, Expression } from "../../ir/expression.ts";
import { apply, constant } from "../../ir/expression.ts";
import { addOperator, build } from "./index.ts";
import type { Build, OperatorName } from "./index.ts";
import { call } from "./notation.ts";

/** What derivatives are written with: `build.mul(x, y)` for every operator of the language, numbers, and functions of the same file. */
export interface ExtensionBuild extends Build {
  readonly constant: (value: number) => Expression;
  /** The application of another function that the file exports. */
  readonly call: (name: string, ...x: readonly Expression[]) => Apply;
}

/** A function of one to three numbers; its name is that of the export. The fields are those of the library's own operators. */
export interface FunctionExtension {
  /** One sentence. */
  readonly doc: string;
  readonly arity: 1 | 2 | 3;
  /** A function of its arguments and nothing else: it is called in any order, in any thread. */
  readonly value: (...x: number[]) => number;
  /** Adjoints of the arguments, given the adjoint `dy` of the result. Without it the function has no derivative, as a rounding has none. */
  readonly adjoint?: (dy: Expression, x: readonly Expression[], build: ExtensionBuild) => readonly Expression[];
  /** "real" if absent. */
  readonly type?: "real" | "integer";
  /** Floating-point operations of one application; 20 if absent. */
  readonly cost?: number;
  /** At least two arguments inside the domain, away from jumps and kinks: derivatives are checked there. */
  readonly samples: readonly (readonly number[])[];
}

const texts = new Map<string, string>();

/** Adds the functions of a file to the table of operators. @param hash of the file's text; @param javascript the text as a CommonJS module */
export function addExtension(hash: string, javascript: string, functions: ReadonlyMap<string, FunctionExtension>): ReadonlyMap<string, OperatorName> {
  texts.set(`extension_${hash}`, javascript);
  const names = new Map<string, OperatorName>();
  const extended: ExtensionBuild = {
    ...build, constant,
    call: (name, ...x) => {
      const operator = names.get(name);
      if (!operator) throw new Error(`the file exports no function \`${name}\``);
      return apply(operator, ...x);
    },
  };
  for (const [name, { doc, arity, value, adjoint, type = "real", cost = 20, samples }] of functions) {
    names.set(name, addOperator(`${name}@${hash}`, {
      doc, arity, syntax: { function: name }, type: () => type, value, cost, samples,
      adjoint: adjoint ? (dy, x) => adjoint(dy, x, extended) : "none",
      typescript: call(`extension_${hash}.${name}`, arity),
    }));
  }
  return names;
}

/** The declarations of the extensions that a piece of generated code calls. */
export function extensionsIn(code: string): readonly string[] {
  const used = new Map<string, Set<string>>();
  for (const [, extension, name] of code.matchAll(/\b(extension_[0-9a-f]{12})\.(\w+)\(/g)) used.set(extension!, (used.get(extension!) ?? new Set()).add(name!));
  return [...used].flatMap(([extension, names]) => {
    const text = texts.get(extension);
    return text === undefined ? [] : [`const ${extension} = extensionFunctions("${extension}", ${JSON.stringify([...names])}, ${JSON.stringify(text)});`];
  });
}

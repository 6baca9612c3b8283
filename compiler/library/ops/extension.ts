/**
 * The public form of a function of numbers that a specification brings in with `use`, and its way into the table of operators. There it
 * has a name that holds the hash of its file: expressions that call it, and with them the addresses of runs, say which text they mean.
 */
import type { ExtensionText } from "../../../runtime/extensions/extension.ts";
import type { Apply, Expression } from "../../ir/expression.ts";
import { apply, constant } from "../../ir/expression.ts";
import { addOperator, build } from "./index.ts";
import type { Build, OperatorName } from "./index.ts";
import { call } from "./notation.ts";

/** What derivatives and formulas are written with: `build.mul(x, y)` for every operator of the language, numbers, and functions of the same file. */
export interface ExtensionBuild extends Build {
  readonly constant: (value: number) => Expression;
  /** The application of another function that the file exports. */
  readonly call: (name: string, ...x: readonly Expression[]) => Apply;
}

export type Arity = 1 | 2 | 3;
/** As many of something as a function has arguments. */
export type Each<A extends Arity, Item> = A extends 1 ? readonly [Item] : A extends 2 ? readonly [Item, Item] : readonly [Item, Item, Item];

/** A function of one to three numbers; its name is that of the export. The fields are those of the library's own operators. */
export interface FunctionExtension<A extends Arity = Arity> {
  /** One sentence. */
  readonly doc: string;
  readonly arity: A;
  /** A function of its arguments and nothing else: it is called in any order, in any thread. */
  readonly value: (...x: Each<A, number>) => number;
  /** Adjoints of the arguments, given the adjoint `dy` of the result; "none" for a function that can be observed, but not differentiated. */
  readonly adjoint: ((dy: Expression, x: Each<A, Expression>, build: ExtensionBuild) => Each<A, Expression>) | "none";
  /** The function in terms of others, if there is such a formula: it is compiled in the place of calls of `value`, for every target. */
  readonly formula?: (x: Each<A, Expression>, build: ExtensionBuild) => Expression;
  /** "real" if absent. */
  readonly type?: "real" | "integer";
  /** Floating-point operations of one application; 20 if absent. */
  readonly cost?: number;
  /** At least two lists of arguments inside the domain, away from jumps and kinks: derivatives are checked there. */
  readonly samples: readonly [Each<A, number>, Each<A, number>, ...Each<A, number>[]];
}

/** As the table takes it: whatever the arity is. */
export interface FunctionRecord {
  readonly doc: string;
  readonly arity: Arity;
  readonly value: (...x: number[]) => number;
  readonly adjoint?: ((dy: Expression, x: readonly Expression[], build: ExtensionBuild) => readonly Expression[]) | "none";
  readonly formula?: (x: readonly Expression[], build: ExtensionBuild) => Expression;
  readonly type?: "real" | "integer";
  readonly cost?: number;
  readonly samples: readonly (readonly number[])[];
}

const texts = new Map<string, ExtensionText>();

/** Whether generated code may call what is in it: its text is known. */
export const addText = (text: ExtensionText): void => void texts.set(text.name, text);

/** Adds the functions of numbers of an extension to the table of operators. */
export function addFunctions({ name: extension }: ExtensionText, functions: ReadonlyMap<string, FunctionRecord>): ReadonlyMap<string, OperatorName> {
  const hash = extension.replace(/^extension_/, "");
  const names = new Map<string, OperatorName>();
  const extended: ExtensionBuild = {
    ...build, constant,
    call: (name, ...x) => {
      const operator = names.get(name);
      if (!operator) throw new Error(`the file exports no function \`${name}\``);
      return apply(operator, ...x);
    },
  };
  for (const [name, { doc, arity, value, adjoint = "none", formula, type = "real", cost = 20, samples }] of functions) {
    names.set(name, addOperator(`${name}@${hash}`, {
      doc, arity, syntax: { function: name }, type: () => type, value, cost, samples,
      adjoint: adjoint === "none" ? "none" : (dy, x) => adjoint(dy, x, extended),
      ...(formula ? { formula: (x) => formula(x, extended) } : {}),
      typescript: call(`${extension}.${name}`, arity),
    }));
  }
  return names;
}

/** The declarations of the extensions that a piece of generated code uses: functions of numbers by name, everything else by its key. */
export function extensionsIn(code: string): readonly string[] {
  const used = new Map<string, Set<string>>();
  const of = (extension: string): Set<string> => used.get(extension) ?? used.set(extension, new Set()).get(extension)!;
  for (const [, extension, name] of code.matchAll(/\b(extension_[0-9a-f]{12})\.([\p{ID_Continue}$]+)\(/gu)) of(extension!).add(name!);
  for (const [, hash] of code.matchAll(/"[^"@\s]+@([0-9a-f]{12})"/g)) of(`extension_${hash}`);
  return [...used].flatMap(([extension, names]) => {
    const text = texts.get(extension);
    if (!text) return [];
    const travelling = JSON.stringify(text);
    return [names.size > 0 ? `const ${extension} = extensionFunctions(${travelling}, ${JSON.stringify([...names])});` : `loadExtension(${travelling});`];
  });
}

/** The texts of the extensions that these keys are of. */
export function textsOf(keys: readonly string[]): readonly ExtensionText[] {
  const names = new Set(keys.flatMap((key) => (key.includes("@") ? [`extension_${key.split("@")[1]!}`] : [])));
  return [...names].flatMap((name) => texts.get(name) ?? []);
}

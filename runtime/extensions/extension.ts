/**
 * Extensions: definitions written in TypeScript that a specification brings in with `use`. Their text travels inside of the code and the plans
 * that use them, so that workers, built modules and theories evaluate the same text, whatever becomes of the file.
 */
import { addArrayFunction } from "./arrayFunctions.ts";
import { addSource } from "../data/index.ts";
import { DataError } from "../data/source.ts";
import { addDynamics } from "../dynamics/index.ts";
import { steppedDynamics } from "../dynamics/steppedDynamics.ts";
import { messageOf } from "../messageOf.ts";
import { addDistribution } from "../random/distributions/index.ts";
import { arraysProblem } from "./arraysProblem.ts";
import type { ExtensionKey } from "./addEntry.ts";
import { isDefinition, type Definition } from "./define.ts";
import { extendModule } from "./extendModule.ts";

/** An extension as it travels. */
export interface ExtensionText {
  /** `extension_HASH`: the hash is that of all its files. */
  readonly name: string;
  /** The file as the specification names it, for messages. */
  readonly file: string;
  /** Body of a function of `exports` and `require`. */
  readonly javascript: string;
}

export type NumberFunction = (...x: number[]) => number;

/** Functions by the name under which generated code calls them, `EXTENSION.NAME`: what WASM kernels import. */
export const extensionCallables: Record<string, NumberFunction> = {};

/** What the text of an extension exports. Only `quench/extend` can be imported: everything else is part of the text. */
export function evaluateExtension({ file, javascript }: Pick<ExtensionText, "file" | "javascript">): Readonly<Record<string, unknown>> {
  const exports: Record<string, unknown> = {};
  const require = (name: string): unknown => {
    if (name === "quench/extend") return extendModule;
    throw new Error(`it imports \`${name}\`, and only packages without modules of Node, other files, and \`quench/extend\` can be imported`);
  };
  // The name is what a stack trace of its own shows.
  const run = new Function("exports", "require", `${javascript}\n//# sourceURL=${file.replaceAll(/\s/g, "%20")}`) as (exports: Record<string, unknown>, require: (name: string) => unknown) => void;
  run(exports, require);
  return exports;
}

const loaded = new Map<string, Readonly<Record<string, unknown>>>();

/** Its exports, entered into the tables of the runtime: once a process. */
export function loadExtension(text: ExtensionText): Readonly<Record<string, unknown>> {
  const known = loaded.get(text.name);
  if (known) return known;
  const exports = evaluateExtension(text);
  loaded.set(text.name, exports);
  const hash = text.name.replace(/^extension_/, "");
  for (const [name, definition] of Object.entries(exports)) if (isDefinition(definition)) enter(name, definition, { ...text, key: `${name}@${hash}` });
  return exports;
}

/** The functions of numbers of an extension, for generated code. */
export function extensionFunctions<Name extends string>(text: ExtensionText, names: readonly Name[]): Readonly<Record<Name, NumberFunction>> {
  loadExtension(text);
  return Object.fromEntries(names.map((name) => [name, extensionCallables[`${text.name}.${name}`]])) as Record<Name, NumberFunction>;
}

/** A definition of each kind becomes an entry of a table. What it must be was proved by the compiler, before any text of it could travel. */
function enter(name: string, definition: Definition, { name: extension, file, key }: ExtensionText & { readonly key: ExtensionKey }): void {
  /** Whatever it throws names it. */
  const named = <Arguments extends readonly unknown[], Result>(call: (...given: Arguments) => Result, make: (message: string, cause: unknown) => Error) => (...given: Arguments): Result => {
    try {
      return call(...given);
    } catch (error) {
      throw error instanceof DataError ? error : make(`\`${name}\` of ${file} failed: ${messageOf(error)}`, error);
    }
  };
  switch (definition.kind) {
    case "function":
      if ("arguments" in definition) return addArrayFunction(key, definition, file);
      extensionCallables[`${extension}.${name}`] = named(definition.value, (message, cause) => new Error(message, { cause }));
      return;
    case "observable": return addArrayFunction(key, definition, file);
    case "distribution":
      return addDistribution(key, { name, doc: definition.doc, parameters: definition.parameters.map((p) => p.name), fill: named(definition.fill, (message, cause) => new RangeError(message, { cause })) });
    case "source": {
      const read = named(definition.read, (message) => new DataError(message));
      return addSource(key, { ...definition, name, read: (...given) => {
        const arrays = read(...given);
        const problem = arraysProblem(arrays);
        if (problem !== undefined) throw new DataError(`\`${name}\` of ${file} ${problem}`);
        return arrays;
      } });
    }
    case "dynamics": return addDynamics(key, steppedDynamics(name, definition, file));
    case "theory": return;
  }
}

/** An export of an extension as a record of the table of operators: its form, and its values at its samples. */
import type { FunctionExtension } from "../library/ops/extension.ts";
import { messageOf } from "../../runtime/messageOf.ts";

/** The record, or what is wrong with its form. */
export function functionRecord(name: string, exported: unknown): FunctionExtension | string {
  if (name === "default") return "it is the default export, which has no name";
  if (typeof exported === "function") return "it is a bare function, of which neither the domain nor the derivative is known";
  if (typeof exported !== "object" || exported === null) return `it is ${exported === null ? "null" : `a ${typeof exported}`}`;
  const { doc, arity, value, samples, adjoint, type, cost, ...others }: Readonly<Record<string, unknown>> = { ...exported };
  if (typeof value !== "function") return "`value` is no function";
  if (typeof doc !== "string" || doc === "") return "`doc` is no sentence";
  if (arity !== 1 && arity !== 2 && arity !== 3) return "`arity` is none of 1, 2, 3";
  const [other] = Object.keys(others);
  if (other !== undefined) return `it has no field \`${other}\``;
  const isSample = (x: unknown): x is readonly number[] => Array.isArray(x) && x.length === arity && x.every((entry) => typeof entry === "number");
  if (!Array.isArray(samples) || samples.length < 2 || !samples.every(isSample)) return `\`samples\` is no list of at least two lists of ${arity} number${arity === 1 ? "" : "s"}`;
  for (const sample of samples) {
    let result: unknown, again: unknown;
    try {
      result = Reflect.apply(value, undefined, sample);
      again = Reflect.apply(value, undefined, sample);
    } catch (error) {
      return `it fails at (${sample.join(", ")}): ${messageOf(error)}`;
    }
    if (typeof result !== "number" || !Number.isFinite(result)) return `its value at (${sample.join(", ")}) is ${typeof result === "number" ? String(result) : `a ${typeof result}`}, no finite number`;
    if (result !== again) return `it has two values at (${sample.join(", ")}), ${result} and ${String(again)}`;
  }
  if (type !== undefined && type !== "real" && type !== "integer") return "`type` is neither \"real\" nor \"integer\"";
  if (cost !== undefined && !(typeof cost === "number" && cost > 0)) return "`cost` is no positive number";
  if (adjoint !== undefined && typeof adjoint !== "function") return "`adjoint` is no function";
  return {
    doc, arity, samples, value: (...x) => Number(Reflect.apply(value, undefined, x)),
    ...(type === undefined ? {} : { type }), ...(cost === undefined ? {} : { cost }),
    // What it returns is proved at the samples before anything uses it.
    ...(adjoint === undefined ? {} : { adjoint: adjoint as NonNullable<FunctionExtension["adjoint"]> }),
  };
}

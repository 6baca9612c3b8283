/**
 * `quench/extend`: what an extension file imports. Each `define…` makes a definition of its kind out of a record of the same form as the language's
 * own entries have; a specification brings the exported ones in with `use "./file.ts"`, under the names of the exports.
 */
import { extendModule } from "../runtime/extensions/extendModule.ts";
import type { DynamicsTask, SteppedDynamics } from "../runtime/dynamics/steppedDynamics.ts";
import type { DataSource } from "../runtime/data/source.ts";
import type { DistributionParameter } from "./library/distributions/distribution.ts";
import type { DistributionExtension } from "./library/distributions/extension.ts";
import type { ArrayFunctionExtension, ExtensionArgument, ExtensionResult, ObservableExtension } from "./library/functions/extension.ts";
import type { Arity, FunctionExtension } from "./library/ops/extension.ts";
import type { TheoryExtension } from "./theory/extension.ts";

type Made<Kind extends string, Record> = Record & { readonly kind: Kind };

interface DefineFunction {
  /** A function of one to three numbers. */
  <A extends Arity>(record: FunctionExtension<A>): Made<"function", FunctionExtension<A>>;
  /** A function of arrays. */
  <const Kinds extends readonly [ExtensionArgument, ...ExtensionArgument[]], const Result extends ExtensionResult>(record: ArrayFunctionExtension<Kinds, Result>): Made<"function", ArrayFunctionExtension<Kinds, Result>>;
}
export const defineFunction: DefineFunction = extendModule.defineFunction;

/** A fold over the recorded states of a task: its value at a record is that of all records so far. */
export const defineObservable: <Memory extends object, const Kinds extends readonly [ExtensionArgument, ...ExtensionArgument[]], const Result extends ExtensionResult>(record: ObservableExtension<Memory, Kinds, Result>) => Made<"observable", ObservableExtension<Memory, Kinds, Result>> =
  extendModule.defineObservable;

/** What stands behind `~`. */
export const defineDistribution: <const Parameters extends readonly DistributionParameter[]>(record: DistributionExtension<Parameters>) => Made<"distribution", DistributionExtension<Parameters>> =
  extendModule.defineDistribution;

/** What stands behind `=` of `data` and of `with`. */
export const defineSource: (record: Omit<DataSource, "name">) => Made<"source", Omit<DataSource, "name">> = extendModule.defineSource;

/** What stands behind `evolve` and `measure`. */
export const defineDynamics: <const Parameter extends string, Memory extends object>(record: SteppedDynamics<Parameter, Memory>) => Made<"dynamics", SteppedDynamics<Parameter, Memory>> = extendModule.defineDynamics;

/** A method behind `theory NAME of MODEL =`. */
export const defineTheory: <const Parameter extends string, const Quantity extends string>(record: TheoryExtension<Parameter, Quantity>) => Made<"theory", TheoryExtension<Parameter, Quantity>> = extendModule.defineTheory;

/** Bytes of a file, or the text that they encode: what of Node's `Buffer` is meant, without its types. */
export interface FileBytes extends Uint8Array { readonly toString: (encoding?: "utf8" | "latin1" | "hex" | "base64") => string }

/** A file of data, its path relative to the directory of the specification. What cannot be read is told at the declaration that asks for it. */
export const readDataFile: (path: string, directory: string) => FileBytes = extendModule.readDataFile;

export const { spinPairs, stationarityDefect, transitionProbabilities } = extendModule;
export type { ArrayFunctionExtension, DistributionExtension, DynamicsTask, FunctionExtension, ObservableExtension, SteppedDynamics, TheoryExtension };
export type { Covariance, TheoryModel } from "./theory/extension.ts";
export type { Expression } from "./ir/expression.ts";
export type { ExtensionBuild } from "./library/ops/extension.ts";
export type { CompiledModel } from "../runtime/model.ts";
export type { ArrayView } from "../runtime/extensions/arrayFunctions.ts";
export type { DataArray, DataSource, SourceArguments, SourceParameter, WantedArray } from "../runtime/data/source.ts";
export type { DynamicsParameter, Need } from "../runtime/dynamics/dynamics.ts";
export type { RandomSequence } from "../runtime/random/sequence.ts";
export type { Stream } from "../runtime/random/stream.ts";
export type { SpinPairs } from "../runtime/extensions/spinPairs.ts";

/** What an extension can import from `quench/extend`, as values; `compiler/extend.ts` gives the same their types. */
import { readDataFile } from "../data/files.ts";
import { definitionOf } from "./define.ts";
import { spinPairs } from "./spinPairs.ts";
import { stationarityDefect, transitionProbabilities } from "./transitionProbabilities.ts";

export const extendModule = {
  defineFunction: definitionOf("function"),
  defineObservable: definitionOf("observable"),
  defineDistribution: definitionOf("distribution"),
  defineSource: definitionOf("source"),
  defineDynamics: definitionOf("dynamics"),
  defineTheory: definitionOf("theory"),
  readDataFile,
  spinPairs,
  stationarityDefect,
  transitionProbabilities,
} as const;

import { thermodynamic } from "./thermodynamic.ts";
import type { TheoryRecord } from "./theory.ts";

export const enumerate: TheoryRecord = {
  name: "enumerate",
  doc: "Exact sums over all states of a small model, averaged over its ensembles.",
  implemented: false,
  words: [],
  parameters: [{ name: "T", doc: "Temperature of the Gibbs weight." }],
  quantities: thermodynamic,
  predictsObservables: true,
};

import { thermodynamic } from "./thermodynamic.ts";
import type { TheoryRecord } from "./theory.ts";

export const stateEvolution: TheoryRecord = {
  name: "state_evolution",
  doc: "Fixed points of approximate message passing for large sizes.",
  implemented: false,
  words: [],
  parameters: [{ name: "T", doc: "Temperature of the Gibbs weight." }],
  quantities: thermodynamic,
  predictsObservables: true,
};

import { thermodynamic } from "./thermodynamic.ts";
import type { TheoryRecord } from "./theory.ts";

export const bethe: TheoryRecord = {
  name: "bethe",
  doc: "The cavity method on sparse random graphs.",
  implemented: false,
  words: [],
  parameters: [{ name: "T", doc: "Temperature of the Gibbs weight." }],
  quantities: thermodynamic,
  predictsObservables: true,
};

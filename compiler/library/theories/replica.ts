import { thermodynamic } from "./thermodynamic.ts";
import type { TheoryRecord } from "./theory.ts";

export const replica: TheoryRecord = {
  name: "replica",
  doc: "The replica method: replica-symmetric, or with one step of replica symmetry breaking.",
  implemented: false,
  words: [{ name: "ansatz", doc: "Structure of the overlaps.", choices: ["rs", "rsb1"] }],
  parameters: [
    { name: "T", doc: "Temperature of the Gibbs weight." },
    { name: "m", doc: "Parisi parameter; `star` makes the external entropy zero.", choices: ["star"] },
  ],
  quantities: [
    ...thermodynamic,
    { name: "max_slope", form: "value", arguments: [], doc: "Largest slope of the local entropy between the typical overlap and 0.9995 (rsb1)." },
  ],
  predictsObservables: true,
};

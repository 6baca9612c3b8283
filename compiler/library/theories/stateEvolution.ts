import { thermodynamic } from "./thermodynamic.ts";
import type { TheoryQuantity, TheoryRecord } from "./theory.ts";

export const stateEvolution: TheoryRecord = {
  name: "state_evolution",
  doc: "Fixed points of approximate message passing in generalised linear energies with independent inputs and in Gaussian energies (spiked matrices), from the uninformative start and (NAME_informative) from the teacher or planted direction.",
  words: [],
  parameters: [{ name: "T", doc: "Temperature of the Gibbs weight." }],
  quantities: [
    ...thermodynamic,
    { name: "q", form: "value", arguments: [], doc: "Overlap of two samples, per variable." },
    { name: "r", form: "value", arguments: [], doc: "Overlap with the teacher." },
    { name: "m", form: "value", arguments: [], doc: "Magnetisation, or overlap with a planted vector (Gaussian energies)." },
    { name: "norm2", form: "value", arguments: [], doc: "Squared norm of a sample per variable (real weights that a quadratic term holds)." },
    { name: "mse", form: "value", arguments: [], doc: "Squared distance of the mean weights from the teacher, per variable." },
    { name: "generalisation", form: "value", arguments: [], doc: "Probability that the mean weights and the teacher label a fresh input differently." },
    ...["q", "r", "m", "norm2", "mse", "generalisation", "entropy", "free_entropy", "energy"].map((name): TheoryQuantity => ({ name: `${name}_informative`, form: "value", arguments: [], doc: `The same as ${name}, from the informative start.` })),
  ],
  predictsObservables: true,
};

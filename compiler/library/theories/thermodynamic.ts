import type { TheoryQuantity } from "./theory.ts";

/** What every equilibrium theory predicts, for each variable. */
export const thermodynamic: readonly TheoryQuantity[] = [
  { name: "entropy", form: "value", arguments: [], named: ["q"], doc: "Entropy per variable; of the states at overlap q of a typical or dense one where q is given." },
  { name: "free_entropy", form: "value", arguments: [], doc: "(1/N) log of the partition function." },
  { name: "free_energy", form: "value", arguments: [], doc: "−T times the free entropy; the energy at T = 0." },
  { name: "energy", form: "value", arguments: [], doc: "Energy per variable." },
];

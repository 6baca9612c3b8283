import { thermodynamic } from "./thermodynamic.ts";
import type { TheoryRecord } from "./theory.ts";

export const bethe: TheoryRecord = {
  name: "bethe",
  doc: "The cavity method for spins with pair energies and fields on sparse random graphs (RandomRegular, ErdosRenyi): replica symmetric, exact for ferromagnets and above T_c.",
  words: [],
  parameters: [{ name: "T", doc: "Temperature of the Gibbs weight." }],
  quantities: [
    ...thermodynamic,
    { name: "m", form: "value", arguments: [], doc: "Magnetisation; of the state where it is positive, if fields do not choose." },
    { name: "q", form: "value", arguments: [], doc: "Mean squared magnetisation of a spin: the overlap of two states." },
    { name: "T_c", form: "value", arguments: [], doc: "Temperature below which spins order or freeze (without fields)." },
  ],
  predictsObservables: true,
};

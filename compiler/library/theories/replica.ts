import { thermodynamic } from "./thermodynamic.ts";
import type { TheoryRecord } from "./theory.ts";

export const replica: TheoryRecord = {
  name: "replica",
  doc: "The replica method: replica-symmetric, or with one step of replica symmetry breaking.",
  words: [{ name: "ansatz", doc: "Structure of the overlaps.", choices: ["rs", "rsb1"] }],
  parameters: [
    { name: "T", doc: "Temperature of the Gibbs weight." },
    { name: "m", doc: "Parisi parameter: a number, `inf`, or `star`, which makes the external entropy zero at each overlap.", choices: ["star"] },
    { name: "q", doc: "Mutual overlap of the m replicas (rsb1 of generalised linear energies); without it the free entropy is stationary in it." },
  ],
  quantities: [
    ...thermodynamic,
    { name: "q", form: "value", arguments: [], doc: "Overlap of two typical states, per variable; the larger one where replica symmetry is broken." },
    { name: "q1", form: "value", arguments: [], doc: "Overlap of states in one cluster (rsb1)." },
    { name: "q0", form: "value", arguments: [], doc: "Overlap of states in different clusters (rsb1)." },
    { name: "m", form: "value", arguments: [], doc: "Parisi parameter at which the free entropy is stationary (rsb1); magnetisation, or overlap with a planted vector or a retrieved pattern (rs)." },
    { name: "M", form: "value", arguments: [], doc: "Magnetisation, or overlap with a planted vector (rsb1)." },
    { name: "replicon", form: "value", arguments: [], doc: "Stability against (further) replica symmetry breaking: negative beyond the line of de Almeida and Thouless." },
    { name: "complexity", form: "value", arguments: [], doc: "(1/N) log of the number of clusters at the Parisi parameter m (rsb1); at m = 1 between static and dynamical transition." },
    { name: "r", form: "value", arguments: [], doc: "Overlap with the teacher; noise of the patterns that are not retrieved, in units of its value for independent ones (associative memories)." },
    { name: "chi", form: "value", arguments: [], doc: "(1 − q)/T as T → 0, of the state of lowest energy (generalised linear energies)." },
    { name: "norm2", form: "value", arguments: [], doc: "Squared norm of a state per variable (real weights that a quadratic term holds)." },
    { name: "p", form: "value", arguments: [], doc: "Overlap of two states as the hidden inputs see them (random features)." },
    { name: "p_d", form: "value", arguments: [], doc: "Norm of a state as the hidden inputs see it (random features)." },
    { name: "T_d", form: "value", arguments: [], doc: "Dynamical transition: below it the states of a Gaussian energy fall into exponentially many clusters." },
    { name: "T_s", form: "value", arguments: [], doc: "Static transition: below it few clusters hold all weight." },
    { name: "capacity", form: "value", arguments: [], doc: "Load P/N at which no state without loss is left (random labels, T = 0)." },
    { name: "alpha_c", form: "value", arguments: [], doc: "Largest load P/N with retrieval states (associative memories, T = 0)." },
    { name: "T_g", form: "value", arguments: [], doc: "Temperature below which the states without an overlap are a spin glass (associative memories)." },
    ...["energy", "entropy", "free_entropy", "free_energy", "q"].map((name) => ({ name: `glass_${name}`, form: "value" as const, arguments: [], doc: `The ${name.replace("_", " ")} of the states that retrieve no pattern: spin glass or paramagnet (associative memories).` })),
    { name: "external_entropy", form: "value", arguments: [], doc: "(1/N) log of the number of dense regions at overlap q (rsb1 of generalised linear energies)." },
    { name: "slope", form: "value", arguments: [], doc: "Derivative of the local entropy with respect to the overlap q (rsb1 of generalised linear energies)." },
    { name: "max_slope", form: "value", arguments: [], doc: "Largest slope of the local entropy between the typical overlap and 0.9995 (rsb1)." },
  ],
  predictsObservables: true,
};

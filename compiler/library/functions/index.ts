import { addEntry, type ExtensionKey } from "../../../runtime/extensions/addEntry.ts";
import type { LibraryFunction } from "./function.ts";

export type { ArgumentKind, LibraryFunction, ResultRule } from "./function.ts";

/** Every function of whole arrays. Reductions (`sum(a)`, `max(a)`) and operators on scalars have tables of their own. */
export const libraryFunctions = {
  norm: { doc: "Euclidean norm: the square root of the sum of the squares of all entries.", arguments: ["array"], result: "scalar" },
  dot: { doc: "Sum of the products of corresponding entries.", arguments: ["array", "sameShape"], result: "scalar" },
  overlap: { doc: "Mean of the product of corresponding entries; for Potts variables (q·matches − 1)/(q − 1) with the fraction of matches.", arguments: ["array", "sameShape"], result: "scalar" },
  distance: { doc: "Fraction of entries that differ for integer arrays (Hamming), Euclidean distance for real ones.", arguments: ["array", "sameShape"], result: "scalar" },
  softmax: { doc: "exp(z) divided by the sum of all exp(z), without overflow.", arguments: ["vector"], result: "sameShape" },
  cross_entropy: { doc: "cross_entropy(logits, class): −log of the softmax probability of the class.", arguments: ["vector", "class"], result: "scalar" },
  grad: { doc: "Gradient with respect to the states, projected on the constraint (Riemannian).", arguments: ["differentiable"], result: "gradient", runtime: "grad" },
  hessian: { doc: "Riemannian Hessian with respect to the states, in an orthonormal basis of the tangent space of the constraint.", arguments: ["differentiable"], result: "tangentMatrix", runtime: "hessian" },
  laplacian: { doc: "Trace of the Riemannian Hessian.", arguments: ["differentiable"], result: "scalar" },
  eigenvalues: { doc: "Eigenvalues of a symmetric matrix in ascending order.", arguments: ["matrix"], result: "row", runtime: "eigenvalues", inEnergies: "second derivative" },
  trace: { doc: "Sum of the diagonal of a square matrix; with `probes`, a stochastic estimate of that of a Hessian.", arguments: ["matrix"], options: { probes: "number of random vectors" }, result: "scalar" },
  det: { doc: "Determinant of a square matrix.", arguments: ["matrix"], result: "scalar", runtime: "det", inEnergies: "second derivative" },
} as const satisfies Readonly<Record<string, LibraryFunction>>;

/** Adds one that an extension brings. */
export function addLibraryFunction(key: ExtensionKey, record: LibraryFunction): LibraryFunctionName {
  addEntry<LibraryFunction>(libraryFunctions, key, record);
  return key as string as LibraryFunctionName;
}

const entry = (key: string): LibraryFunction | undefined => (libraryFunctions as Readonly<Record<string, LibraryFunction>>)[key];

/** Whether kernels can call a function of whole arrays, by its key, and whether they can call its derivative. */
export const isInEnergies = (key: string): boolean => entry(key)?.inEnergies !== undefined;
export const hasAdjoint = (key: string): boolean => entry(key)?.inEnergies === "derivative" || hasTangent(key);
export const hasTangent = (key: string): boolean => entry(key)?.inEnergies === "second derivative";

export type LibraryFunctionName = keyof typeof libraryFunctions;
export const isLibraryFunctionName = (name: string): name is LibraryFunctionName => Object.hasOwn(libraryFunctions, name);

/** Functions of matrices that energies can read: value, adjoint and the derivatives of both along a direction. */
import type { ArrayFunctionForm, ArrayView } from "../extensions/arrayFunctions.ts";
import { multiply, singularDecomposition, symmetricDecomposition, transposed } from "./decompositions.ts";
import { determinant } from "./determinant.ts";
import { eigenvalues } from "./eigenvalues.ts";

type Given = number | ArrayView;
const entries = (x: Given | undefined): Float64Array => {
  if (x === undefined || typeof x === "number") throw new Error("internal: a number in the place of an array");
  return x.values;
};
const number = (x: Given | undefined): number => (typeof x === "number" ? x : entries(x)[0]!);
const sizeOf = (matrix: Float64Array): number => Math.round(Math.sqrt(matrix.length));
const isFinite = (matrix: Float64Array): boolean => matrix.every(Number.isFinite);
const notANumber = (matrix: Float64Array): Float64Array => new Float64Array(matrix.length).fill(NaN);

/** The product of all values but those at one or two places. */
function productWithout(values: Float64Array, ...places: readonly number[]): number {
  let product = 1;
  values.forEach((x, k) => { if (!places.includes(k)) product *= x; });
  return product;
}

/** U, s, V and det U · det V of a matrix U diag(s) Vᵀ. */
function singular(matrix: Float64Array): ReturnType<typeof singularDecomposition> & { readonly sign: number } {
  const n = sizeOf(matrix);
  const made = singularDecomposition(matrix, n);
  return { ...made, sign: Math.sign(determinant(made.left)) * Math.sign(determinant(made.right)) };
}

/** ∂det A/∂A: the cofactors, det U det V · U diag(Π_{j≠i} s_j) Vᵀ, where A is singular too. */
function cofactors(matrix: Float64Array): Float64Array {
  if (!isFinite(matrix)) return notANumber(matrix);
  const n = sizeOf(matrix);
  const { left, values, right, sign } = singular(matrix);
  const scaled = right.map((x, p) => sign * x * productWithout(values, p % n));
  return multiply(left, transposed(scaled, n), n);
}

/** By how much the cofactors change along a direction. With D = Uᵀ dA V: Σ_{j≠i} D_jj Π_{k≠i,j} s_k on the diagonal, −D_ji Π_{k≠i,j} s_k elsewhere. */
function cofactorsAlong(matrix: Float64Array, direction: Float64Array): Float64Array {
  if (!isFinite(matrix) || !isFinite(direction)) return notANumber(matrix);
  const n = sizeOf(matrix);
  const { left, values, right, sign } = singular(matrix);
  const turned = multiply(multiply(transposed(left, n), direction, n), right, n);
  const inner = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
    if (i === j) continue;
    const others = sign * productWithout(values, i, j);
    inner[i * n + i]! += turned[j * n + j]! * others;
    inner[i * n + j] = -turned[j * n + i]! * others;
  }
  return multiply(multiply(left, inner, n), transposed(right, n), n);
}

/** V diag(weights) Vᵀ */
function weighted(vectors: Float64Array, weights: Float64Array): Float64Array {
  const n = weights.length;
  return multiply(vectors.map((x, p) => x * weights[p % n]!), transposed(vectors, n), n);
}

/** Vᵀ dA V in the eigenvectors of a symmetric matrix, of the symmetric part of dA. */
function turnedInto(vectors: Float64Array, direction: Float64Array): Float64Array {
  const n = sizeOf(direction);
  const turned = multiply(multiply(transposed(vectors, n), direction, n), vectors, n);
  const back = transposed(turned, n);
  return turned.map((x, p) => 0.5 * (x + back[p]!));
}

/**
 * `det`: ∂det A/∂A are the cofactors.
 *
 * `eigenvalues` of a symmetric matrix, in ascending order: ∂λ_k/∂A = v_k v_kᵀ. Along dA the eigenvectors turn by v_j (v_jᵀ dA v_k)/(λ_k − λ_j); where
 * eigenvalues coincide only functions that treat them alike have a derivative, and the second derivative takes 0 for the turning.
 */
export const matrixFunctions: Readonly<Record<string, ArrayFunctionForm>> = {
  det: {
    arguments: ["matrix"],
    value: (a) => determinant(entries(a)),
    adjoint: (dy, [a]) => [cofactors(entries(a)).map((c) => number(dy) * c)],
    tangent: ([a], [da]) => cofactors(entries(a)).reduce((sum, c, p) => sum + c * entries(da)[p]!, 0),
    adjointTangent: (dy, [a], ddy, [da]) => {
      const change = cofactorsAlong(entries(a), entries(da));
      return [cofactors(entries(a)).map((c, p) => number(ddy) * c + number(dy) * change[p]!)];
    },
  },
  eigenvalues: {
    arguments: ["matrix"],
    value: (a) => {
      const out = new Float64Array(sizeOf(entries(a)));
      eigenvalues(entries(a), out);
      return out;
    },
    adjoint: (dy, [a]) => [isFinite(entries(a)) ? weighted(symmetricDecomposition(entries(a), sizeOf(entries(a))).vectors, entries(dy)) : notANumber(entries(a))],
    tangent: ([a], [da]) => {
      const n = sizeOf(entries(a));
      if (!isFinite(entries(a)) || !isFinite(entries(da))) return new Float64Array(n).fill(NaN);
      const turned = turnedInto(symmetricDecomposition(entries(a), n).vectors, entries(da));
      return Float64Array.from({ length: n }, (_, k) => turned[k * n + k]!);
    },
    adjointTangent: (dy, [a], ddy, [da]) => {
      const n = sizeOf(entries(a));
      if (!isFinite(entries(a)) || !isFinite(entries(da))) return [notANumber(entries(a))];
      const { values, vectors } = symmetricDecomposition(entries(a), n);
      const [weights, changes] = [entries(dy), entries(ddy)];
      const inner = turnedInto(vectors, entries(da)).map((m, p) => {
        const [i, k] = [Math.floor(p / n), p % n];
        if (i === k) return changes[i]!;
        const gap = values[i]! - values[k]!;
        return gap === 0 ? 0 : (m * (weights[i]! - weights[k]!)) / gap;
      });
      return [multiply(multiply(vectors, inner, n), transposed(vectors, n), n)];
    },
  },
};

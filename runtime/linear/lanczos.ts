/** Ritz values of a symmetric operator with their weights in the starting vector, in ascending order. */
export interface RitzValues {
  readonly values: Float64Array;
  /** Squared components of the normalised starting vector along the Ritz vectors; they sum to 1. */
  readonly weights: Float64Array;
  /** Bounds of the distance of each Ritz value from the nearest eigenvalue. */
  readonly residuals: Float64Array;
}

/**
 * Lanczos iteration with full reorthogonalisation, `steps` products or fewer where the Krylov space ends (C. Lanczos, J. Res. Natl. Bur. Stand.
 * 45, 255 (1950); G. Golub, C. Van Loan, "Matrix Computations", 4th ed., section 10.1-10.3).
 *
 * @param multiply writes the product of the operator with its first argument into the second
 * @param start the starting vector, not 0; not changed. The operator must map the smallest invariant subspace that holds it into itself
 * @param spectrum eigenvalues of a symmetric tridiagonal matrix with the first and last entries of its normalised eigenvectors
 */
export function lanczos(multiply: (vector: Float64Array, product: Float64Array) => void, start: Float64Array, steps: number, spectrum: TridiagonalSpectrum): RitzValues {
  const n = start.length;
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let vector = start.map((x) => x / norm(start));
  let scale = 0;
  let rest = 0;
  while (basis.length < steps) {
    basis.push(vector);
    const product = new Float64Array(n);
    multiply(vector, product);
    diagonal.push(inner(vector, product));
    // Twice is enough for orthogonality to rounding (B. Parlett, "The Symmetric Eigenvalue Problem", 1998, section 6.9).
    for (let pass = 0; pass < 2; pass++) for (const earlier of basis) subtract(product, inner(earlier, product), earlier);
    rest = norm(product);
    scale = Math.max(scale, Math.abs(diagonal[diagonal.length - 1]!), rest);
    if (rest <= 1e-13 * scale) {
      rest = 0;
      break;
    }
    beside.push(rest);
    vector = product.map((x) => x / rest);
  }
  const { values, first, last } = spectrum(Float64Array.from(diagonal), Float64Array.from(beside.slice(0, diagonal.length - 1)));
  return { values, weights: first.map((x) => x * x), residuals: last.map((x) => Math.abs(x) * rest) };
}

/** Of the symmetric tridiagonal matrix with these diagonals, m and m − 1 numbers, in ascending order of the eigenvalues. */
export type TridiagonalSpectrum = (diagonal: Float64Array, beside: Float64Array) => { readonly values: Float64Array; readonly first: Float64Array; readonly last: Float64Array };

const norm = (x: Float64Array): number => Math.sqrt(inner(x, x));

function inner(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

function subtract(from: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < from.length; i++) from[i]! -= factor * vector[i]!;
}

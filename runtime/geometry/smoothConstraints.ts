import { solve } from "../linear/solve.ts";

/** What generated code provides for smooth equalities c_k(x) = 0: kernels that work on the model's own vectors. */
export interface ConstraintKernels {
  /** The state that the kernels read, and the gradient that `combined` writes; of the dimension. */
  readonly state: Float64Array;
  readonly gradient: Float64Array;
  /** Left sides minus right sides, which `evaluate` writes; together they are all c_k. */
  readonly residuals: readonly Float64Array[];
  /** One number λ_k for each residual, of the same shapes. */
  readonly multipliers: readonly Float64Array[];
  readonly evaluate: () => void;
  /** Writes the gradient of Σ_k λ_k c_k. */
  readonly combined: () => void;
  /** Writes the Hessian of Σ_k λ_k c_k, dimension × dimension, into `matrix`; absent where nothing asks for Hessians. */
  readonly hessian?: { readonly run: () => void; readonly matrix: Float64Array };
}

/** Residuals below this, relative to the largest term that Newton's method moved, are rounding. */
const ROUNDING = 1e-13;
const MOST_ITERATIONS = 50;
/** How close a step back must come to where it started, relative to the distance from the origin (of 1 where that is 0). */
const REVERSIBLE = 1e-8;

/**
 * The set of states with c_k(x) = 0 for m independent smooth functions: linear sums, ellipsoids, products of planes and spheres. Normal
 * vectors are the gradients of c, found by m evaluations for each new state; a state at which they are not independent has no tangent space, and
 * everything there is not a number.
 */
export class SmoothConstraints {
  readonly count: number;
  private readonly kernels: ConstraintKernels;
  private readonly at: Float64Array;
  private readonly normals: Float64Array[];
  private known = false;

  constructor(kernels: ConstraintKernels) {
    this.kernels = kernels;
    this.count = kernels.residuals.reduce((sum, r) => sum + r.length, 0);
    this.at = new Float64Array(kernels.state.length);
    this.normals = Array.from({ length: this.count }, () => new Float64Array(kernels.state.length));
  }

  /** out = v − Jᵀ (J Jᵀ)⁻¹ J v: the nearest tangent vector; `out` may be `vector`. */
  project(state: Float64Array, vector: Float64Array, out: Float64Array): void {
    const tangent = vector.slice();
    const rows = this.rows(state);
    this.subtract(rows, this.coefficients(rows, tangent), tangent);
    out.set(tangent);
  }

  /**
   * Brings a state to the constraint set in place, by the Gauss-Newton iteration x ← x − Jᵀ (J Jᵀ)⁻¹ c(x): the distance to the nearest point is
   * right to second order in the distance. A state from which it does not converge becomes not a number.
   */
  retract(state: Float64Array): void {
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      const residuals = this.residuals(state);
      const rows = this.rows(state);
      const step = new Float64Array(this.count);
      solve(this.gram(rows, rows), residuals, step);
      const before = state.slice();
      this.subtract(rows, step, state);
      if (hasConverged(before, state)) return;
    }
    state.fill(NaN);
  }

  /**
   * Moves a state for a time along its tangent velocity, and carries the velocity: x' = x + time · v + J(x)ᵀ λ with c(x') = 0, v' the tangent part of
   * (x' − x)/time (SHAKE with the projection of RATTLE: H. C. Andersen, J. Comput. Phys. 52, 24 (1983)). The map preserves the volume
   * of phase space and is its own inverse under v → −v, where Newton's method finds the same solutions both ways; that is tested, and a step that
   * does not lead back is none: the state becomes not a number (E. Zappa, M. Holmes-Cerfon, J. Goodman, Comm. Pure Appl. Math. 71, 2609 (2018)).
   */
  advance(state: Float64Array, velocity: Float64Array, time: number): void {
    const end = state.slice();
    const endVelocity = velocity.slice();
    const back = state.slice();
    if (this.step(end, endVelocity, time)) {
      back.set(end);
      const backVelocity = endVelocity.map((v) => -v);
      if (this.step(back, backVelocity, time) && distance(back, state) <= REVERSIBLE * (norm(state) || 1)) {
        state.set(end);
        velocity.set(endVelocity);
        return;
      }
    }
    state.fill(NaN);
  }

  /** Σ_k λ_k ∇²c_k with the multipliers of a gradient, λ = (J Jᵀ)⁻¹ J g: what the bending of the set takes from the Hessian. n × n. */
  bending(state: Float64Array, gradient: Float64Array): Float64Array {
    const { kernels } = this;
    const rows = this.rows(state);
    const lambda = this.coefficients(rows, gradient.slice());
    if (!kernels.hessian) throw new Error("internal: the Hessian of the constraints was not compiled");
    kernels.state.set(state);
    this.setMultipliers(lambda);
    kernels.hessian.run();
    return kernels.hessian.matrix.slice();
  }

  /** matrix ← Qᵀ matrix Q less its first m rows and columns, with orthonormal Q of which the first m columns span the normal space. */
  inTangentBasis(state: Float64Array, matrix: Float64Array): Float64Array {
    const n = state.length;
    const m = this.count;
    const columns = this.rows(state).map((row) => row.slice());
    const work = matrix.slice();
    for (let k = 0; k < m; k++) {
      const v = columns[k]!.slice();
      v.fill(0, 0, k);
      v[k]! += v[k]! < 0 ? -norm(v) : norm(v);
      const scale = Math.SQRT2 / norm(v);
      for (let i = k; i < n; i++) v[i]! *= scale;
      for (const column of columns.slice(k)) reflect(column, v, 0, 1);
      for (let j = 0; j < n; j++) reflect(work, v, j, n);
      for (let j = 0; j < n; j++) reflect(work, v, j * n, 1);
    }
    const out = new Float64Array((n - m) ** 2);
    for (let a = 0; a < n - m; a++) for (let b = 0; b < n - m; b++) out[a * (n - m) + b] = work[(a + m) * n + b + m]!;
    return out;
  }

  private step(state: Float64Array, velocity: Float64Array, time: number): boolean {
    const start = state.slice();
    const rows = this.rows(state).map((row) => row.slice());
    for (let i = 0; i < state.length; i++) state[i]! += time * velocity[i]!;
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      const residuals = this.residuals(state);
      const lambda = new Float64Array(this.count);
      solve(this.gram(this.rows(state), rows), residuals, lambda);
      const before = state.slice();
      this.subtract(rows, lambda, state);
      if (!hasConverged(before, state)) continue;
      const moved = state.map((x, i) => (x - start[i]!) / time);
      this.project(state, moved, velocity);
      return velocity.every(Number.isFinite);
    }
    return false;
  }

  /** The gradients of all c_k at a state; kept until another one is asked for. */
  private rows(state: Float64Array): readonly Float64Array[] {
    if (this.known && state.every((x, i) => x === this.at[i])) return this.normals;
    const { kernels } = this;
    this.at.set(state);
    this.known = true;
    const unit = new Float64Array(this.count);
    // The vector may hold the gradient of something else, which a caller goes on with.
    const held = kernels.gradient.slice();
    for (let k = 0; k < this.count; k++) {
      unit.fill(0);
      unit[k] = 1;
      kernels.state.set(state);
      this.setMultipliers(unit);
      kernels.combined();
      this.normals[k]!.set(kernels.gradient);
    }
    kernels.gradient.set(held);
    return this.normals;
  }

  private setMultipliers(values: Float64Array): void {
    let first = 0;
    for (const array of this.kernels.multipliers) {
      array.set(values.subarray(first, first + array.length));
      first += array.length;
    }
  }

  private residuals(state: Float64Array): Float64Array {
    const { kernels } = this;
    kernels.state.set(state);
    kernels.evaluate();
    const out = new Float64Array(this.count);
    let first = 0;
    for (const r of kernels.residuals) {
      out.set(r, first);
      first += r.length;
    }
    return out;
  }

  private gram(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array {
    return Float64Array.from({ length: this.count ** 2 }, (_, k) => dot(a[Math.floor(k / this.count)]!, b[k % this.count]!));
  }

  private coefficients(rows: readonly Float64Array[], vector: Float64Array): Float64Array {
    const out = new Float64Array(this.count);
    solve(this.gram(rows, rows), Float64Array.from(rows, (row) => dot(row, vector)), out);
    return out;
  }

  private subtract(rows: readonly Float64Array[], coefficients: Float64Array, from: Float64Array): void {
    rows.forEach((row, k) => {
      for (let i = 0; i < from.length; i++) from[i]! -= coefficients[k]! * row[i]!;
    });
  }
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));
const distance = (a: Float64Array, b: Float64Array): number => Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0));
const hasConverged = (before: Float64Array, after: Float64Array): boolean => distance(before, after) <= ROUNDING * (1 + norm(after));

/** (1 − v vᵀ) on the entries first, first + stride, … */
function reflect(entries: Float64Array, v: Float64Array, first: number, stride: number): void {
  let inner = 0;
  for (let i = 0; i < v.length; i++) inner += v[i]! * entries[first + i * stride]!;
  for (let i = 0; i < v.length; i++) entries[first + i * stride]! -= inner * v[i]!;
}

/** Saddle points of associative memories: iteration of m and χ from a retrieved pattern, finished by Newton; the spin glass by its one unknown. */
import { findRoot } from "../../../runtime/results/findRoot.ts";
import { compileScalars } from "../compileScalars.ts";
import type { ScalarFunction } from "../compileScalars.ts";
import type { Prepared } from "../derivedPotential.ts";
import type { MemoryForm } from "./memoryPotential.ts";
import { memoryPotential } from "./memoryPotential.ts";

/** In units in which patterns have the variance 1 and couplings 1/N. */
export interface MemoryQuestion { readonly distribution: MemoryForm["distribution"]; readonly load: number; readonly T: number; readonly field: number }

export interface MemoryState {
  readonly kind: "retrieval" | "spin glass" | "paramagnet";
  readonly m: number;
  readonly q: number;
  readonly r: number;
  readonly chi: number;
  /** φ, and −e at T = 0. */
  readonly value: number;
  readonly outputs: Readonly<Record<string, number>>;
  readonly residual: number;
  readonly prepared: Prepared;
}

/** Overlaps below this are none: an iteration that comes down here has lost the pattern. */
const LOST = 1e-5;

export function memoryStates(question: MemoryQuestion): readonly MemoryState[] {
  const { T, field } = question;
  // The iteration multiplies a small m by less than 1/T: without a field there is no overlap for T >= 1.
  const retrieved = field !== 0 || T < 1 ? retrieval(question, true) : undefined;
  const other = field === 0 ? unordered(question) : retrieval(question, false);
  const distinct = other && retrieved && Math.abs(other.m - retrieved.m) < 1e-7 ? undefined : other;
  return [retrieved, distinct].filter((s) => s !== undefined);
}

/** m and χ that the fields of these m and χ make. */
type Iteration = (m: number, chi: number) => readonly [number, number];

const outputFunctions = new WeakMap<Prepared, ReadonlyMap<string, ScalarFunction>>();

function setting({ distribution, load, T, field }: MemoryQuestion): { readonly prepared: Prepared; readonly once: Iteration; readonly state: (kind: MemoryState["kind"], m: number, chi: number, residual: number) => MemoryState } {
  const loaded = load > 0, ground = T === 0;
  const prepared = memoryPotential({ distribution, loaded, ground });
  const inputs = { "α": load, h: field, ...(ground ? {} : { "β": 1 / T }) };
  const noise = (chi: number): number => (1 - chi * T) / (1 - chi) ** 2;
  const orders = (m: number, chi: number): readonly number[] => [m, ...(loaded ? [chi, noise(chi)] : [])];
  const scale = ground ? 1 : T;
  let functions = outputFunctions.get(prepared);
  if (!functions) {
    const { averages, inputs: names, orders: unknowns, outputs } = prepared.potential;
    functions = new Map([...outputs].map(([name, e]) => [name, compileScalars(averages, [...names, ...unknowns.map((o) => o.name)], [e])]));
    outputFunctions.set(prepared, functions);
  }
  const evaluate = functions;
  return {
    prepared,
    once: (m, chi) => {
      const [dm, , dr] = prepared.compiled.gradient(orders(m, chi), inputs);
      return [m + scale * dm!, loaded ? chi + (2 * scale * dr!) / load : 0];
    },
    state: (kind, m, chi, residual) => {
      const x = orders(m, chi);
      const at = [...prepared.potential.inputs.map((n) => (n === "β" ? 1 / T : n === "α" ? load : field)), ...x];
      const outputs = Object.fromEntries([...evaluate].map(([name, f]) => [name, f(at)[0]!]));
      return { kind, m, chi, q: ground ? 1 : loaded ? 1 - chi * T : outputs["q"]!, r: loaded ? noise(chi) : 0, value: prepared.compiled.value(x, inputs), outputs, residual, prepared };
    },
  };
}

/** From the pattern itself downwards, so that of several overlaps the largest is found; or from none upwards, in a field. */
function retrieval(question: MemoryQuestion, fromPattern: boolean): MemoryState | undefined {
  const { once, state } = setting(question);
  const most = question.load > 0 ? Math.min(1, question.T === 0 ? 1 : 1 / question.T) : 0;
  let [m, chi] = [fromPattern ? 1 : 0, fromPattern ? 0 : 0.5 * most];
  for (let k = 0, next = 20; k < 20000; k++) {
    const [m1, chi1] = once(m, chi);
    const step = Math.abs(m1 - m) + Math.abs(chi1 - chi);
    [m, chi] = [m1, Math.min(chi1, 0.999 * most)];
    if (question.field === 0 && m < LOST) return undefined;
    if ((step > 1e-3 && k < 200) || k < next) continue;
    next = k + 20 + Math.floor(k / 2);
    const end = newton(once, m, chi);
    // The overlap above which there is no other: Newton may not leave for the unstable one below.
    if (end && end.m > (question.field === 0 ? LOST : -1) && end.chi < Math.max(most, 1e-300) + 1e-12 && end.m <= m + 1e-9 === fromPattern && stable(once, end.m, end.chi)) return state("retrieval", end.m, end.chi, end.residual);
    if (step < 1e-15) return undefined;
  }
  return undefined;
}

function derivative(once: Iteration, m: number, chi: number): readonly [number, number, number, number] {
  const d = 1e-6;
  const [up, down, right, left] = [once(m + d, chi), once(m - d, chi), once(m, chi + d), once(m, chi - d)];
  return [(up[0] - down[0]) / (2 * d), (right[0] - left[0]) / (2 * d), (up[1] - down[1]) / (2 * d), (right[1] - left[1]) / (2 * d)];
}

function newton(once: Iteration, m: number, chi: number): { readonly m: number; readonly chi: number; readonly residual: number } | undefined {
  let best = Infinity;
  for (let k = 0; k < 30; k++) {
    const [m1, chi1] = once(m, chi);
    const [fm, fc] = [m1 - m, chi1 - chi];
    const residual = Math.max(Math.abs(fm), Math.abs(fc));
    if (!Number.isFinite(residual)) return undefined;
    if (residual < 1e-14 || (residual < 1e-11 && residual >= 0.5 * best)) return { m, chi, residual };
    best = Math.min(best, residual);
    const [a, b, c, d] = derivative(once, m, chi);
    const determinant = (a - 1) * (d - 1) - b * c;
    const [dm, dc] = [-(fm * (d - 1) - b * fc) / determinant, -((a - 1) * fc - c * fm) / determinant];
    if (!(Math.abs(dm) + Math.abs(dc) < 0.5)) return undefined;
    [m, chi] = [m + dm, chi + dc];
  }
  return undefined;
}

/** Whether det(1 − J) > 0, J the derivative of the iteration: its sign changes where the stable and the unstable overlap meet. */
function stable(once: Iteration, m: number, chi: number): boolean {
  const [a, b, c, d] = derivative(once, m, chi);
  return (1 - a) * (1 - d) - b * c > 0;
}

/** No pattern is retrieved: χ alone is unknown, and is β above the spin glass temperature. */
function unordered(question: MemoryQuestion): MemoryState | undefined {
  const { load, T } = question;
  const { once, state } = setting(question);
  if (load === 0) return state("paramagnet", 0, 0, 0);
  if (T === 0) return state("spin glass", 0, 1 / (1 + Math.sqrt((Math.PI * load) / 2)), 0);
  const excess = (chi: number): number => once(0, chi)[1] - chi;
  if (T >= 1 + Math.sqrt(load)) return state("paramagnet", 0, 1 / T, 0);
  const root = findRoot(excess, 1e-300, T < 1 ? 1 - 1e-12 : (1 / T) * (1 - 1e-7));
  if ("refused" in root) return T > 1 ? state("paramagnet", 0, 1 / T, 0) : undefined;
  return state("spin glass", 0, root.root, Math.abs(excess(root.root)));
}

/**
 * The Bethe free energy of pair energies E = −Σ_(ij) K_ij s_i s_j − Σ_i b_i s_i on sparse random graphs, per vertex, replica symmetric.
 * Without fields and above T_c the messages vanish: log Z/N = log 2 + (c/2) E log cosh(K/T), which is exact there. T_c is the larger
 * solution of B E tanh(K/T) = 1 (order) and B E tanh²(K/T) = 1 (spin glass), B = d − 1 or c the mean number of further neighbours.
 * In ferromagnets the cavity method is exact at all T (Dembo and Montanari, Ann. Appl. Probab. 20, 565 (2010)); on regular graphs with one
 * coupling the distribution of fields is one point.
 */
import { short } from "../shortNumber.ts";
import type { Program } from "../../ir/program.ts";
import { print } from "../../ir/print.ts";
import { build } from "../../library/ops/index.ts";
import type { SparsePairs } from "../../library/recognisers/sparsePairs.ts";
import { findRoot } from "../../../runtime/results/findRoot.ts";
import { largeSystem } from "../largeSystem.ts";
import type { Prediction, Theory } from "../prediction.ts";
import { refinedCavityFields } from "./fieldDistribution.ts";
import type { CavitySolution, SparseGraph } from "./fieldDistribution.ts";
import { messages } from "./message.ts";
import { mean, nodesOf } from "./nodes.ts";
import type { Node } from "./nodes.ts";

/** Nodes for a continuous random number. */
const POINTS = 129;

export function betheTheory(program: Program, pairs: SparsePairs, parameters: Readonly<Record<string, number>>): Theory | { readonly refused: string } {
  const T = parameters["T"] ?? NaN;
  if (T < 0) return { refused: `the temperature ${T} is negative` };
  const system = largeSystem(program, parameters, [pairs.sites]);
  if ("refused" in system) return system;
  const degree = system.limit(pairs.graph.degree);
  if (degree === undefined || !Number.isFinite(degree)) return { refused: `the degree ${print(pairs.graph.degree)} grows with the number of vertices: the cavity method is for sparse graphs` };
  const at = (e: SparsePairs["coupling"], points: number): readonly Node[] | { readonly refused: string } => {
    const [large, larger] = [system.large, system.larger].map((p) => nodesOf(e, program, p, points)) as [ReturnType<typeof nodesOf>, ReturnType<typeof nodesOf>];
    if ("refused" in large) return large;
    if (!("refused" in larger) && (large.length !== larger.length || large.some((n, k) => Math.abs(n.value - larger[k]!.value) > 1e-9 * Math.abs(n.value)))) return { refused: `${print(e)} grows or vanishes with the number of vertices` };
    return large;
  };
  const couplings = at(pairs.coupling, POINTS), field = at(pairs.field, POINTS);
  if ("refused" in couplings) return couplings;
  if ("refused" in field) return field;
  const many = couplings.length > 40 && field.length > 40;
  const few = many ? at(pairs.coupling, 33) : couplings, fewFields = many ? at(pairs.field, 33) : field;
  if ("refused" in few) return few;
  if ("refused" in fewFields) return fewFields;
  const edges = at(pairs.constants.edge, POINTS), vertices = at(pairs.constants.vertex, POINTS), rest = system.limit(build.div(pairs.constants.total, pairs.sites));
  if ("refused" in edges) return edges;
  if ("refused" in vertices) return vertices;
  if (rest === undefined || !Number.isFinite(rest)) return { refused: "the constant of the energy is not proportional to the number of vertices" };
  const constant = 0.5 * degree * mean(edges, (x) => x) + mean(vertices, (x) => x) + rest;
  return solve({ graph: { kind: pairs.graph.kind, degree }, couplings: few, fields: fewFields, constant, T, name: pairs.graph.array });
}

interface Question { readonly graph: SparseGraph; readonly couplings: readonly Node[]; readonly fields: readonly Node[]; readonly constant: number; readonly T: number; readonly name: string }

interface Values { readonly status: Theory["status"]; readonly notes: readonly string[]; readonly free_entropy: number; readonly energy: number; readonly entropy: number; readonly m: number; readonly q: number; readonly residual: number }

const quantityNames = ["entropy", "free_entropy", "free_energy", "energy", "m", "q", "T_c"] as const;

function solve(question: Question): Theory {
  const { graph, couplings, fields, T, name } = question;
  let solved: Values | undefined;
  const values = (): Values => (solved ??= valuesAt(question));
  const number = (value: number, why: string): Prediction => (Number.isFinite(value) ? { value, residual: values().residual } : { refused: why });
  const predict = (quantity: string): Prediction => {
    if (quantity === "T_c") return critical(question);
    if (Number.isNaN(T)) return { refused: "it needs a temperature: write `bethe(T = 1)`, or give it with the quantity" };
    const v = values();
    switch (quantity) {
      case "free_entropy": return number(v.free_entropy, "the free entropy is infinite at T = 0");
      case "free_energy": return T === 0 ? number(v.energy, "") : number(-T * v.free_entropy, "the free energy is infinite at T = inf");
      case "energy": return number(v.energy, "");
      case "entropy": return number(v.entropy, "the entropy of ground states needs more than the fields at T = 0: take a small temperature");
      case "m": return number(v.m, "at T = 0 spins in no field keep a mean that the fields at T = 0 don't tell: take a small temperature");
      case "q": return number(v.q, "at T = 0 spins in no field keep a mean that the fields at T = 0 don't tell: take a small temperature");
      default: return { refused: `it predicts no ${quantity}` };
    }
  };
  const regular = graph.kind === "RandomRegular";
  const branching = branchingOf(graph);
  const glance: Pick<Values, "status" | "notes"> = Number.isNaN(T) ? { status: "ansatz(rs)", notes: [] } : values();
  return {
    method: "bethe()", status: glance.status,
    assumptions: [`large sparse graph \`${name}\`: ${regular ? `every vertex has ${short(graph.degree)} neighbours` : `Poisson numbers of neighbours of mean ${short(graph.degree)}`}, loops are long`, ...glance.notes],
    quantities: quantityNames.map((quantity) => ({ name: quantity, form: "value", arguments: [], doc: "" })),
    predict, magnetisation: Number.isNaN(T) ? { refused: "it needs a temperature" } : predict("m"), direction: "uniform",
    equations: [
      `energy −Σ_(ij) K s_i s_j − Σ_i b s_i${question.constant === 0 ? "" : ` + ${short(question.constant)} N`},  K: ${nodesText(couplings)};  b: ${nodesText(fields)};  β = 1/T`,
      "message along an edge: u(K, x) = (1/β) artanh[tanh(βK) tanh(βx)]",
      `cavity field: x = b + Σ_(k=1..n) u(K_k, x_k),  n ${regular ? `= ${short(graph.degree - 1)}` : `~ Poisson(${short(graph.degree)})`};  field of a spin: ${regular ? `n = ${short(graph.degree)}` : "the same"};  m = 𝔼 tanh βh, q = 𝔼 tanh² βh`,
      `log Z/N = 𝔼 log 2cosh βh + (c/2) {½ 𝔼 log[4 cosh β(x + K) cosh β(x − K)] − 𝔼 log 2cosh β(x + u)},  c = ${short(graph.degree)}`,
      `without fields, above T_c: log Z/N = log 2 + (c/2) 𝔼 log cosh βK;  T_c: the larger solution of ${short(branching)} 𝔼 tanh(K/T) = 1 and ${short(branching)} 𝔼 tanh²(K/T) = 1`,
    ],
  };
}

const branchingOf = ({ kind, degree }: SparseGraph): number => (kind === "RandomRegular" ? degree - 1 : degree);
const isZero = (fields: readonly Node[]): boolean => fields.every((n) => n.value === 0);

function valuesAt({ graph, couplings, fields, constant, T }: Question): Values {
  const c = graph.degree, branching = branchingOf(graph), free = isZero(fields);
  const ferromagnet = couplings.every((n) => n.value >= 0);
  const meanField = mean(fields, (b) => b), tree = branching <= 1;
  if (T === Infinity) return { status: "exact", notes: [], free_entropy: Math.LN2, energy: constant, entropy: Math.LN2, m: 0, q: 0, residual: 0 };
  const order = branching * mean(couplings, (K) => Math.tanh(K / T)), glass = branching * mean(couplings, (K) => Math.tanh(K / T) ** 2);
  if (free && T > 0 && order <= 1 && glass <= 1) {
    const { L } = messages(T);
    const free_entropy = Math.LN2 + 0.5 * c * mean(couplings, (K) => L(K) / T - Math.LN2);
    const energy = -0.5 * c * mean(couplings, (K) => K * Math.tanh(K / T));
    return { status: "exact", notes: [tree ? "the graph has no spin-glass or ordered phase" : "paramagnet, above T_c"], free_entropy: free_entropy - constant / T, energy: energy + constant, entropy: free_entropy + energy / T, m: 0, q: 0, residual: 0 };
  }
  const uniform = ferromagnet && fields.length === 1;
  const exact = uniform || tree;
  const notes = [
    ...(exact ? [] : free ? [order > glass ? "replica symmetry" : "replica symmetry, which is broken in the spin-glass phase: an approximation below T_c"] : ["replica symmetry"]),
    ...(free && order > 1 ? ["the state of positive magnetisation"] : []),
  ];
  const [only] = couplings;
  // On a regular graph with one coupling and one field, all fields are equal.
  const solution = uniform && graph.kind === "RandomRegular" && couplings.length === 1 ? alike(c, only!.value, fields[0]!.value, T) : distributed();
  const free_entropy = T === 0 ? NaN : -(solution.freeEnergy + constant) / T;
  const atoms = couplings.length <= 8 && !ferromagnet && T === 0;
  const energy = (T === 0 ? solution.freeEnergy : solution.energy) + constant;
  const entropy = T === 0 ? (graph.kind === "RandomRegular" && c >= 2 && couplings.length === 1 && uniform && only!.value > 0 ? 0 : NaN) : (energy - constant - solution.freeEnergy) / T;
  return { status: exact ? "exact" : "ansatz(rs)", notes, free_entropy, energy, entropy, m: atoms ? NaN : solution.magnetisation, q: atoms ? NaN : solution.overlap, residual: solution.change };

  function distributed(): CavitySolution {
    const starts: readonly (1 | -1)[] = !ferromagnet || free ? [1] : fields.length === 1 ? [meanField > 0 ? 1 : -1] : [1, -1];
    const solutions = starts.map((start) => refinedCavityFields({ graph, couplings, fields, messages: messages(T), start }));
    return solutions.reduce((best, s) => (s.freeEnergy < best.freeEnergy ? s : best));
  }
}

/** The fields of a ferromagnet where all spins are alike: x = b + (d − 1) u(K, x) with x of the sign of b, positive without one. */
function alike(degree: number, K: number, b: number, T: number): CavitySolution {
  const { u, L, logB, spin } = messages(T);
  const bias = Math.abs(b), largest = bias + (degree - 1) * K;
  const excess = (x: number): number => bias + (degree - 1) * u(K, x) - x;
  let x = largest;
  if (T > 0 && excess(largest) !== 0) {
    const smallest = Math.max(bias, 1e-9 * largest);
    const found = excess(smallest) <= 0 ? { root: smallest } : findRoot(excess, smallest, largest);
    x = "root" in found ? found.root : largest;
  }
  const h = x + u(K, x), half = 0.5 * degree;
  const m = spin(h);
  const together = spin(h) * 0.5 * (spin(x + K) + spin(x - K)) + 0.5 * (spin(x + K) - spin(x - K));
  return { freeEnergy: -((1 - half) * L(h) + half * logB(K, x)), energy: -bias * m - half * K * together, magnetisation: b < 0 ? -m : m, overlap: m * m, change: T === 0 ? 0 : Math.abs(excess(x)) };
}

/** The highest temperature at which messages grow from none. */
function critical({ graph, couplings, fields }: Question): Prediction {
  if (!isZero(fields)) return { refused: "there is a field: the magnetisation is analytic in T, and no transition is predicted" };
  const branching = branchingOf(graph), square = mean(couplings, (K) => K * K);
  const growths = [(T: number) => branching * mean(couplings, (K) => Math.tanh(K / T)), (T: number) => branching * mean(couplings, (K) => Math.tanh(K / T) ** 2)];
  // tanh x ≤ x: above these neither condition can hold.
  const bounds = [branching * mean(couplings, (K) => Math.max(K, 0)), Math.sqrt(Math.max(0, branching) * square)];
  const found = growths.flatMap((growth, k) => {
    const high = bounds[k]! * 1.001, low = 1e-3 * Math.sqrt(square);
    if (!(high > low) || growth(low) <= 1) return [];
    const root = findRoot((T) => growth(T) - 1, low, high);
    return "root" in root ? [{ T: root.root, residual: Math.abs(growth(root.root) - 1) }] : [];
  });
  const highest = found.reduce((best, f) => (f.T > best.T ? f : best), { T: 0, residual: 0 });
  return highest.T > 0 ? { value: highest.T, residual: highest.residual } : { refused: "there is no transition at T > 0: messages die out on every scale" };
}

const nodesText = (nodes: readonly Node[]): string => (nodes.length <= 6 ? nodes.map((n) => (nodes.length === 1 ? short(n.value) : `${short(n.value)} with probability ${short(n.weight)}`)).join(", ") : `random, mean ${short(mean(nodes, (x) => x))}, variance ${short(mean(nodes, (x) => x * x) - mean(nodes, (x) => x) ** 2)}`);

/**
 * Replica-symmetric values of generalised linear energies against those of an independent program: fixed points of the overlaps' own
 * equations (g = ∂ log Z/∂h and proximal maps on panels of Gauss-Legendre points), with neither potentials nor code of ours. Each is accurate to 1e-9.
 */
import { expect, test } from "vitest";
import { askTheory } from "./askTheory.ts";

type Weights = "spin" | "sphere" | "ridge";
type Labels = "none" | "random" | "teacher";
type Row = readonly [weights: Weights, labels: Labels, energy: string, load: number, T: number, values: Readonly<Record<string, number>>];

const states: Readonly<Record<Weights, string>> = { spin: "state w[i in N] : spin", sphere: "state w[i in N] : real constraint sum(i) w[i]^2 == N", ridge: "state w[i in N] : real ~ Normal(0, 1)" };
const labelled = (labels: Labels, weights: Weights): string =>
  labels === "none" ? "" : labels === "random" ? "ensemble y[mu in P] ~ Sign" : `ensemble t[i in N] ~ ${weights === "spin" ? "Sign" : "Normal(0, var = 1)"} let y[mu] = sign(sum(i) t[i]*x[mu,i])`;
/** Free weights are held by λ Σ w². */
const text = ([weights, labels, energy, load, T]: Row, λ: number): string =>
  `model M(N = 501, alpha = ${load}) { let P = round(alpha*N) ensemble x[mu in P, i in N] ~ Normal(0, var = 1) ${labelled(labels, weights)} ${states[weights]} let h[mu] = sum(i) x[mu,i]*w[i]/sqrt(N) energy E = ${energy}${weights === "ridge" ? ` + ${λ}*sum(i) w[i]^2` : ""} }\ntheory RS of M = replica(rs, T = ${T})`;

test.each<Row>([
  ["spin", "none", "count(mu) (h[mu] < 0.6)", 0.25, 0, { free_entropy: 0.324841237942, energy: 0.0, q: 0.373164098582 }],
  ["spin", "none", "count(mu) (h[mu] < -0.7)", 1.6, 0, { free_entropy: 0.2257500554, energy: 0.0, q: 0.289752377636 }],
  ["spin", "none", "count(mu) (h[mu] < -0.7)", 2.5, 0.3, { free_entropy: -0.0214747509549, energy: 0.0437320395079, q: 0.379996093644 }],
  ["sphere", "none", "count(mu) (h[mu] < 0.35)", 0.8, 0, { free_entropy: -1.17754587061, energy: 0.0, q: 0.747468138953 }],
  ["sphere", "none", "count(mu) (h[mu] < 0.35)", 3.0, 0.15, { free_entropy: -5.87941658824, energy: 0.534931653128, q: 0.83225405159 }],
  ["spin", "none", "count(mu) (abs(h[mu]) < 0.5)", 1.2, 0.4, { free_entropy: 0.173449071383, energy: 0.0581625839028, q: 1e-12 }],
  ["sphere", "none", "count(mu) (abs(h[mu]) > 0.8)", 3.0, 0.2, { free_entropy: -1.74919969508, energy: 0.0510372458626, q: 0.645098889118 }],
  ["spin", "random", "count(mu) (y[mu]*h[mu] < -0.3) + 0.5*count(mu) (y[mu]*h[mu] < 0.5)", 0.9, 0.4, { free_entropy: -0.224469149556, energy: 0.215418026458, q: 0.429770172128 }],
  ["spin", "teacher", "count(mu) (y[mu]*h[mu] < 0)", 1.1, 0.6, { free_entropy: 0.202494196633, energy: 0.127118760679, q: 0.326229464251, r: 0.417511200109 }],
  ["spin", "teacher", "count(mu) (y[mu]*h[mu] < 0)", 0.02, 0, { free_entropy: 0.67932475159, energy: 0.0, q: 0.0126746954602, r: 0.0126746954602 }],
  ["sphere", "teacher", "count(mu) (y[mu]*h[mu] < 0)", 2.4, 0, { free_entropy: -1.17159872837, energy: 0.0, q: 0.784124762601, r: 0.784124762601 }],
  ["sphere", "teacher", "count(mu) (y[mu]*h[mu] < 0.2)", 1.3, 0.5, { free_entropy: -0.772448687174, energy: 0.162116020994, q: 0.445227875164, r: 0.48679283951 }],
  ["ridge", "teacher", "count(mu) (y[mu]*h[mu] < 0.6)", 1.2, 0.7, { free_entropy: 0.175269791673, energy: 0.814115219524, q: 0.523959968165, r: 0.485561791319 }],
  ["spin", "random", "0.5*sum(mu) (y[mu] - h[mu])^2", 1.3, 0.35, { free_entropy: -0.931423717398, energy: 0.380188262594, q: 0.647786265345 }],
  ["spin", "random", "sum(mu) softplus(-3*y[mu]*h[mu])", 0.8, 0.5, { free_entropy: -0.192074922391, energy: 0.24893885576, q: 0.496960225019 }],
  ["sphere", "random", "sum(mu) min(1, relu(1 - y[mu]*h[mu]))", 1.5, 0.25, { free_entropy: -2.76932875658, energy: 0.516841190969, q: 0.611567677752 }],
  ["spin", "teacher", "sum(mu) relu(1 - y[mu]*h[mu])", 0.7, 0.5, { free_entropy: -0.0724575934744, energy: 0.217321961083, q: 0.485326924509, r: 0.432326555641 }],
  ["sphere", "teacher", "sum(mu) relu(1 - y[mu]*h[mu])^2", 1.2, 0.8, { free_entropy: -0.901839563427, energy: 0.342131024457, q: 0.550271748884, r: 0.546433410526 }],
  ["spin", "random", "sum(mu) abs(y[mu] - h[mu])", 0.6, 0.3, { free_entropy: -0.569619555812, energy: 0.232312633835, q: 0.505922216408 }],
])("%s, %s labels, %s at load %d, T = %d", (...row) => {
  for (const [quantity, value] of Object.entries(row[5])) expect(Math.abs(askTheory(text(row, 0.3), "RS", quantity).value - value), quantity).toBeLessThan(1e-8);
});

test.each<Row>([
  ["sphere", "random", "sum(mu) exp(-y[mu]*h[mu])", 2.5, 0, { energy: 1.79858479908, chi: 0.745931914809 }],
  ["spin", "random", "sum(mu) exp(-y[mu]*h[mu])", 3.0, 0, { energy: 2.65213408851, chi: 0.426090382007 }],
  ["sphere", "teacher", "sum(mu) softplus(-y[mu]*h[mu])", 1.8, 0, { energy: 0.598659042681, r: 0.801764980609, chi: 1.50942120596 }],
  ["ridge", "random", "sum(mu) relu(1 - y[mu]*h[mu])", 2.5, 0, { energy: 1.51623185676, q: 1.16328405524, chi: 0.84282502 }],
  ["ridge", "teacher", "0.5*sum(mu) (y[mu] - h[mu])^2", 0.7, 0, { energy: 0.104590073782, q: 0.300172359814, r: 0.331577782939, chi: 1.46107219256 }],
  ["ridge", "random", "sum(mu) abs(y[mu] - h[mu])", 2.0, 0, { energy: 1.2043434284, q: 0.812780250759, chi: 0.728863467214 }],
  ["ridge", "teacher", "sum(mu) relu(1 - y[mu]*h[mu])^2", 1.0, 0, { energy: 0.196184560638, q: 0.645763375617, r: 0.556917720881, chi: 1.11877863138 }],
  ["sphere", "random", "sum(mu) relu(1 - y[mu]*h[mu])^2", 3.0, 0, { energy: 1.96815890963, chi: 0.356401828964 }],
])("lowest energy: %s, %s labels, %s at load %d", (...row) => {
  for (const [quantity, value] of Object.entries(row[5])) expect(Math.abs(askTheory(text(row, 0.2), "RS", quantity).value - value), quantity).toBeLessThan(1e-8);
});

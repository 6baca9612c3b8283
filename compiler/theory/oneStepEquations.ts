/** What `oneStepReplica.ts` solves, for people: the free entropy of m replicas at mutual overlap q, in D = m(q − q0), B = m(q̂1 − q̂0), P = m(p1 − p0). */
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import type { EquationText } from "./printEquations.ts";

export function oneStepEquations({ energy, equivalence, load, ratio, T }: GeneralisedLinearSystem): readonly EquationText[] {
  const spins = energy.weights.domain === "spin", teacher = energy.labels.kind === "teacher", features = equivalence !== undefined;
  const direct = teacher && !features;
  const line = (text: string, latex: string): EquationText => ({ text, latex });
  const number = (x: number): string => String(Number(x.toPrecision(12)));
  const share = teacher ? ", with the teacher's probability P(y|u) of the label" : energy.labels.kind === "random" ? ", over both labels" : "";
  const square = direct ? " − r²" : "", squareTex = direct ? " - r^2" : "";
  const orders = ["D", ...(spins ? ["B", "q̂"] : []), ...(features ? ["p", "P", "v"] : []), ...(teacher ? ["r"] : [])];
  const tex = (n: string): string => (n === "q̂" ? "\\hat q" : n);
  const weight = T === 0 ? ["log of the probability of the lowest loss at field u + √w z", "\\text{probability of the lowest loss at field } u + \\sqrt{w} z"] : ["∫Dz exp(−ℓ(u + √w z)/T)", "\\int\\! Dz \\, e^{-\\ell(u + \\sqrt{w} z)/T}"];
  return [
    line(
      `φ = ${spins ? "J_site(q̂, B) − ½ q̂ (1 − q + D) − ½ B (q + (1 − q)/m)" : `½ [(1 − 1/m) log(1 − q) + (1/m) log(1 − q + D) + (q − D/m${square})/(1 − q + D)]`}${direct && spins ? " − r̂ r" : ""}${features ? " + δ G_F" : ""} + α J_pattern`,
      `\\phi = ${spins ? "J_{\\mathrm{site}}(\\hat q, B) - \\tfrac12 \\hat q (1 - q + D) - \\tfrac12 B \\left(q + \\tfrac{1 - q}{m}\\right)" : `\\tfrac12 \\left[\\left(1 - \\tfrac1m\\right) \\log(1 - q) + \\tfrac1m \\log(1 - q + D) + \\frac{q - D/m${squareTex}}{1 - q + D}\\right]`}${direct && spins ? " - \\hat r r" : ""}${features ? " + \\delta G_F" : ""} + \\alpha J_{\\mathrm{pattern}}`,
    ),
    line("J(v, D) = (1/m) ∫Dρ(u) log ∫Dz exp(m L(u + √(D/m) z)), ρ Gaussian of variance v; m → ∞: ∫Dρ(u) max_x [L(x) − (x − u)²/(2D)]", "J(v, D) = \\frac1m \\int\\! d\\rho(u) \\log \\int\\! Dz \\, e^{m L(u + \\sqrt{D/m}\\, z)}, \\quad \\rho = \\mathcal N(0, v)"),
    ...(spins ? [line("J_site: L(x) = log 2cosh x", "J_{\\mathrm{site}}: L(x) = \\log 2\\cosh x")] : []),
    line(`J_pattern${share}: L(u) = ${T === 0 ? weight[0]! : `log ${weight[0]!}`}, w = ${features ? "μ*² (1 − q) + μ1² v" : "1 − q"}, of variance ${features ? "μ*² (q − D/m) + μ1² (p − P/m)" : "q − D/m"}`, `J_{\\mathrm{pattern}}: L(u) = \\log ${weight[1]!}, \\quad w = ${features ? "\\mu_*^2 (1 - q) + \\mu_1^2 v" : "1 - q"}`),
    ...(features ? [line("G_F = ½ {(1 − 1/m) log(v/(1 − q)) + (1/m) log(P'/D') + (p0 − r²)/P' − q0/D' − (1 − 1/m) v/(1 − q) − P'/(m D') − p0/D' + P' q0/D'² + 1}, P' = v + P, D' = 1 − q + D, p0 = p − P/m, q0 = q − D/m",
      "G_F = \\tfrac12 \\left\\{\\left(1 - \\tfrac1m\\right) \\log\\frac{v}{1-q} + \\tfrac1m \\log\\frac{P'}{D'} + \\frac{p_0 - r^2}{P'} - \\frac{q_0}{D'} - \\left(1 - \\tfrac1m\\right)\\frac{v}{1-q} - \\frac{P'}{m D'} - \\frac{p_0}{D'} + \\frac{P' q_0}{D'^2} + 1\\right\\}, \\; P' = v + P, \\; D' = 1 - q + D")] : []),
    ...orders.map((n) => line(`0 = ∂φ/∂${n}`, `0 = \\frac{\\partial \\phi}{\\partial ${tex(n)}}`)),
    line("external entropy Σ = −m² ∂φ/∂m (star: Σ = 0), slope = dφ/dq", "\\Sigma = -m^2 \\frac{\\partial \\phi}{\\partial m}, \\quad \\text{slope} = \\frac{d\\phi}{dq}"),
    line(`α = ${number(load)}${features ? `, δ = ${number(ratio)}` : ""}`, `\\alpha = ${number(load)}${features ? `, \\; \\delta = ${number(ratio)}` : ""}`),
  ];
}

/** The small models that dynamics are proved on before they are used. */

export interface SmallModel {
  readonly domain: string;
  /** How messages name it. */
  readonly what: string;
  readonly text: string;
}

/** The code of one: its kernels as TypeScript make them, which needs no compilation. */
export interface SmallModelCode extends Omit<SmallModel, "text"> { readonly javascript: string }

/** exp(-H/T) of Σ (x² / 2) + a Σ x_i x_j is Gaussian, with the inverse of this matrix times T as covariance. */
export const realCoupling = 0.3;

const pairs = (domain: string, term: (i: string, j: string) => string, field: (i: string) => string): readonly SmallModel[] => {
  const state = `state s[i in N] : ${domain}`;
  const J = "ensemble J[i < j in N] ~ Normal(0, var = 1)";
  const size = domain.startsWith("potts") ? 2 : 3;
  const [name] = domain.split("(") as [string];
  return [
    { domain: name, what: "a glass in a field", text: `model Small(N = ${size}) { ${J}  ensemble h[i in N] ~ Normal(0, var = 0.5)  ${state}  energy H = -sum(i < j) J[i,j] * ${term("i", "j")} - sum(i) h[i] * ${field("i")} }` },
    { domain: name, what: "a glass", text: `model Small(N = ${size}) { ${J}  ${state}  energy H = -sum(i < j) J[i,j] * ${term("i", "j")} }` },
    { domain: name, what: "a magnet", text: `model Small(N = ${size}) { ${state}  energy H = -sum(i < j) ${term("i", "j")} }` },
    { domain: name, what: "a chain", text: `model Small(N = 4) { ${state.replace("in N", "in N periodic")}  energy H = -sum(i) ${term("i", "i+1")} }` },
  ];
};

/** In the order in which they are tried: a dynamics may refuse some. */
export const smallModels: readonly SmallModel[] = [
  ...pairs("spin", (i, j) => `s[${i}] * s[${j}]`, (i) => `s[${i}]`),
  ...pairs("bit", (i, j) => `s[${i}] * s[${j}]`, (i) => `s[${i}]`),
  ...pairs("potts(3)", (i, j) => `(s[${i}] == s[${j}])`, (i) => `(s[${i}] == 1)`),
  { domain: "real", what: "two coupled oscillators", text: `model Small(N = 2) { state x[i in N] : real ~ Normal(0, var = 1)  energy H = sum(i) x[i]^2 / 2 + ${realCoupling} * sum(i < j) x[i] * x[j] }` },
];

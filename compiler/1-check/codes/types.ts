import { page } from "./page.ts";
import type { CodePage } from "./page.ts";

/** Types and shapes. */
export const typesCodes: Readonly<Record<string, CodePage>> = {
  Q220: page("a whole array where a number is needed", "A bare name is the whole array. Arithmetic works on numbers: read an entry, or use a function of the whole array.",
    "let f = w + 1",
    "let f[i] = w[i] + 1"),
  Q221: page("a number where an array is needed", "Functions such as `norm`, and reductions without indices, work on whole arrays.",
    "norm(w[1])",
    "norm(w)"),
  Q222: page("a truth value is needed, or not allowed", "Conditions and the bodies of `count`, `any` and `all` are truth values. In arithmetic a truth value counts as 0 or 1.",
    "count(mu) h[mu]",
    "count(mu) (h[mu] < 0)"),
  Q223: page("shapes differ", "Two arrays of one shape, or an array of another number of slots, are needed here.",
    "dot(w, x)     # over 1..N and 1..M",
    "dot(w, u)     # both over 1..N"),
  Q224: page("a text where a number is needed, or the reverse", "Texts stand in the arguments of data sources only.",
    "energy H = w[1] * \"two\"",
    "energy H = w[1] * 2"),
  Q225: page("misplaced", "This form has a meaning, but not here: `at` and members belong to claims, schedules to dynamics, distributions behind `~`.",
    "let e = mean(R.e)",
    "claim \"energy\" : mean(R.e) ~= 1 +- 0.1"),
  Q239: page("no derivative", "`grad`, `hessian` and `laplacian` differentiate a number with respect to the states, which must be continuous.",
    "state s[i in N] : spin\nobservable g = norm(grad(H))",
    "state s[i in N] : real ~ Normal(0, 1)\nobservable g = norm(grad(H))"),
};

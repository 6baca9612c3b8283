/** The entries that a distribution draws at its samples against what it says of them. */
import type { DefinitionOf } from "./definition.ts";

/** Standard errors that the moments of a sample of draws may be off by: one in 10^9 by chance, for the same numbers always the same answer. */
const ERRORS = 6;

/** What is wrong with the entries at sample k, or undefined. */
export function drawnProblem({ element, moments, cdf, samples }: DefinitionOf<"distribution">, k: number, drawn: readonly number[]): string | undefined {
  const fraction = drawn.find((x) => !Number.isInteger(x));
  if (element === "integer" && fraction !== undefined) return `it draws ${fraction}, and its entries are integers`;
  const law = cdf && lawProblem((x) => cdf(x, ...samples[k]!), drawn);
  if (law !== undefined || !moments) return law;
  const { mean, variance } = moments(...samples[k]!);
  const found = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
  const squares = drawn.map((x) => (x - mean) ** 2);
  const spread = squares.reduce((sum, x) => sum + x, 0) / drawn.length;
  const fourth = squares.reduce((sum, x) => sum + (x - spread) ** 2, 0) / drawn.length;
  if (!(Math.abs(found - mean) <= ERRORS * Math.sqrt(spread / drawn.length))) return `the mean of ${drawn.length} entries is ${found.toPrecision(5)}, and \`moments\` says ${mean}`;
  return Math.abs(spread - variance) <= ERRORS * Math.sqrt(fourth / drawn.length) ? undefined : `the variance of ${drawn.length} entries is ${spread.toPrecision(5)}, and \`moments\` says ${variance}`;
}

/** The greatest distance of the two distribution functions, by which Kolmogorov's test asks: √n times it is above 3.3 once in 10^9. */
const DISTANCE = 3.3;

function lawProblem(cdf: (x: number) => number, drawn: readonly number[]): string | undefined {
  const sorted = [...drawn].sort((a, b) => a - b);
  let before = 0;
  for (const [k, x] of sorted.entries()) {
    // Entries of one value count together.
    if (sorted[k + 1] === x) continue;
    const [said, found] = [cdf(x), (k + 1) / sorted.length];
    if (!(said >= 0 && said <= 1)) return `\`cdf\` is ${said} at ${x}, no probability`;
    if (said < before) return `\`cdf\` falls from ${before} to ${said} at ${x}`;
    if (Math.abs(said - found) > DISTANCE / Math.sqrt(sorted.length)) return `${Math.round(100 * found)}% of ${sorted.length} entries are at most ${x.toPrecision(4)}, and \`cdf\` says ${said.toPrecision(4)}`;
    before = said;
  }
  return undefined;
}

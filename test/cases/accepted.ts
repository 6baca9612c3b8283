/** The accepted programs: those of test/cases/accept, a folder each, with what stands beside them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface AcceptedProgram {
  readonly name: string;
  readonly directory: string;
  readonly text: string;
  /** Whether its claims, which all have an independent right-hand side, are held against its runs in the tests; else its runs are long, or none. */
  readonly asserted: boolean;
}

const paper = "a paper at its own sizes: `npm run verify:quick` decides its claims";
const models = "models without runs: targetsAgree.test.ts holds energies, gradients, differences and observables to the formulas as written";
/** Programs whose claims no test here decides, and why. */
export const notRun: Readonly<Record<string, string>> = {
  "atypical-transitions": paper, "loss-surfaces": paper, "thermal-landscape": paper,
  "given-data": models, mixed: models, "spin-models": models,
  "real-dynamics": "realDynamics.test.ts runs it and decides more than its claims",
};

const root = join(import.meta.dirname, "accept");
export const accepted: readonly AcceptedProgram[] = readdirSync(root).sort().map((name) => {
  const directory = join(root, name);
  return { name, directory, text: readFileSync(join(directory, "spec.quench"), "utf8"), asserted: !Object.hasOwn(notRun, name) };
});

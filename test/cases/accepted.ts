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

/** Studies of papers at their own sizes, and programs that other tests run. */
const notRun: ReadonlySet<string> = new Set(["atypical-transitions", "given-data", "loss-surfaces", "mixed", "real-dynamics", "spin-models", "thermal-landscape"]);

const root = join(import.meta.dirname, "accept");
export const accepted: readonly AcceptedProgram[] = readdirSync(root).sort().map((name) => {
  const directory = join(root, name);
  return { name, directory, text: readFileSync(join(directory, "spec.quench"), "utf8"), asserted: !notRun.has(name) };
});

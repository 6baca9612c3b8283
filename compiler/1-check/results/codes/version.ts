import type { CodePage } from "../../codes/page.ts";
import { page } from "../../codes/page.ts";

/** What this version knows and cannot do. */
export const versionCodes: Readonly<Record<string, CodePage>> = {
  Q902: page("not supported by this version", "The specification is right, but this version cannot execute this part. It is checked like everything else; what depends on it is skipped, and claims about it stay undecided, with this reason.",
    "measure metropolis(T = 1) for 1000 sweeps every 10     # in a version without `metropolis`",
    "evolve descent() for 20000 steps until gradient < 1e-6"),
};

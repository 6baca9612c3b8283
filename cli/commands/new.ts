import { existsSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { reportDiagnostics } from "../reportDiagnostics.ts";
import { say, toStdout } from "../terminal.ts";

/** `quench new NAME`: a first specification that verifies, to be changed. An existing file stays as it is. */
export function createSpecification(name: string): ExitStatus {
  const path = name.endsWith(".quench") ? name : `${name}.quench`;
  const refuse = (message: string, help: string): ExitStatus => {
    reportDiagnostics([{ severity: "error", code: "Q017", message, labels: [], help, arguments: { path } }]);
    return exitStatus.usage;
  };
  if (existsSync(path)) return refuse(`there is a file ${path} already`, "give another name");
  try {
    writeFileSync(path, firstSpecification(basename(path)), { flag: "wx" });
  } catch (error) {
    return refuse(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`, "give a name in a folder that exists");
  }
  toStdout(path);
  say(`\`quench verify ${path}\` runs it and decides its claims`);
  return exitStatus.ok;
}

/** @param name of the file, for its first line */
export const firstSpecification = (name: string): string => `# ${name}: the Ising model on a square lattice. Change it; \`quench verify ${name}\` says what still holds.

# What the model is. Parameters have defaults, which a run may set otherwise.
model Ising(L = 16) {
  state      s[x in L periodic, y in L periodic] : spin          # each entry is -1 or +1
  energy     H = -sum(x, y) s[x,y] * (s[x+1,y] + s[x,y+1])       # lower is better; the Gibbs weight is exp(-H/T)
  observable e = H / L^2
  observable m = abs(mean(s))
}

# How it is explored: two temperatures, eight independent starts each. First equilibrate, then measure every fifth sweep.
run Cooling of Ising {
  sweep   T in [1.8, 3.0]
  starts  8
  evolve  metropolis(T) for 1000 sweeps
  measure metropolis(T) for 4000 sweeps every 5
}

# The same on so few spins that all states can be summed: estimates without error.
run Exact of Ising(L = 4) {
  measure enumerate(T = 3.0)
}
run Small of Ising(L = 4) {
  starts  8
  evolve  metropolis(T = 3.0) for 1000 sweeps
  measure metropolis(T = 3.0) for 20000 sweeps every 5
}

# What must come out. The error bars are the compiler's business.
claim "Markov chains agree with the exact sum" : mean(Small.e) ~= mean(Exact.e) +- 0.02
claim "cold spins order"                       : mean(Cooling.m) at (T = 1.8) > 0.9
claim "hot spins don't"                        : mean(Cooling.m) at (T = 3.0) < 0.3

table Cooling: T, mean(e), mean(m)
plot mean(Cooling.m) vs T
`;

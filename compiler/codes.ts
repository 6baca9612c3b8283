/** Every diagnostic code with its page: `quench explain Q204`. Each phase keeps its own table; a code stands in one of them. */
import { syntaxCodes } from "../grammar/index.ts";
import { codes as checkCodes } from "./1-check/codes.ts";
import { resultCodes } from "./1-check/results/codes.ts";

interface CodePage { readonly title: string; readonly page: string }

const laterCodes: Readonly<Record<string, CodePage>> = {
  Q303: { title: "a constraint that cannot be met", page: "The squared radius of a sphere must be a positive number at every point of the run, and a sum of discrete variables a value that some state has: an odd number of spins never sums to 0.\n\n  wrong:  constraint sum(i) w[i]^2 == -N\n  right:  constraint sum(i) w[i]^2 == N" },
  Q304: { title: "too many tasks", page: "A run has one task for each point of its sweeps, disorder sample and start. Ten million is the most.\n\n  wrong:  samples 1e9\n  right:  samples 1000" },
  Q608: { title: "a theory that cannot be derived", page: "The model is outside of what the theory's method covers; the reason says which declaration stands against it. Theories are derived from the mathematics of the declarations, and never guessed: claims about this one stay undecided.\n\n  wrong:  theory T of M = kac_rice()                  # M has no sphere, or couplings that aren't Gaussian\n  right:  constraint sum(i) w[i]^2 == N               # in M, with ensemble X[…] ~ Normal(0, var = 1)" },
  Q305: { title: "more memory than the run may take", page: "The arrays of the models that run at the same time, one a worker, would take more than `--memory` allows. Nothing was allocated. The finding lists the arrays at the largest point of the sweep.\n\n  quench run a.quench --memory 4G --workers 1         # fewer at a time\n  quench run a.quench --memory 16G" },
  Q350: { title: "no derivative", page: "An observable asks for the gradient or Hessian of a quantity that has none that could be used: it goes through a comparison, a rounding or a maximum.\n\n  wrong:  observable h = trace(hessian(errors))       # errors = count(mu) (h[mu] < 0)\n  right:  observable h = trace(hessian(L))            # a smooth loss" },
  Q351: { title: "no mini-batches", page: "A dynamics that takes mini-batches needs an energy with a sum or mean over examples: an outermost one over the first size of a data array or an ensemble, of which each term is about one example.\n\n  wrong:  energy L = max(mu) (h[mu])^2\n  right:  energy L = mean(mu) (h[mu])^2" },
  Q352: { title: "no factor graph", page: "Message passing needs an energy that is a sum of factors: each over a few variables, or over one sum of many, and no constraint between variables.\n\n  wrong:  constraint sum(i) s[i] == 0\n  right:  energy H = -sum(i < j) J[i,j] * s[i] * s[j]" },
  Q903: { title: "a constraint that no dynamics can honour", page: "Equalities of real variables are honoured by projection on them, equalities of discrete variables by exchanges that conserve a sum, and inequalities by refusing moves. An equality that ties both kinds, or angles and intervals, is none of these.\n\n  wrong:  constraint sum(i) s[i] == x[1]          # s : spin, x : real\n  right:  constraint sum(i) s[i] == 0\n  right:  constraint sum(i) a[i] * x[i] == 0\n  right:  constraint norm(x) <= 1" },
  Q801: { title: "a cap was reached", page: "`evolve D for 20000 steps until gradient < 1e-6` stops at the cap when its condition doesn't hold before. The final states are recorded all the same, and claims stay decided; the warning says in which share of the tasks it happened." },
  Q802: { title: "a dynamics could move no further", page: "A line search found no lower energy along the negative gradient although the condition of `until` doesn't hold: it asks for more than the rounding errors of the energy allow, or the gradient isn't the energy's." },
  Q803: { title: "tasks failed", page: "An error came up inside tasks (one sweep point, sample and start each). The others are kept; claims that need the missing ones are undecided." },
};

const fileCodes: Readonly<Record<string, CodePage>> = {
  Q001: { title: "no such file", page: "The path that was given names nothing. Paths are relative to the folder in which the command runs.\n\n  quench check examples/loss-surfaces.quench" },
  Q002: { title: "the path is a directory", page: "A verb works on one specification. Name the file:\n\n  wrong:  quench verify examples\n  right:  quench verify examples/loss-surfaces.quench" },
  Q003: { title: "the file cannot be read", page: "The operating system refused to read the file; the reason stands in parentheses (EACCES: no permission)." },
  Q004: { title: "not a text file", page: "Specifications are UTF-8 text. The file holds bytes that are no UTF-8, or NUL bytes: it may be an archive, an image or UTF-16." },
  Q005: { title: "the file is empty", page: "There is nothing to check in it. The smallest useful specification is a theory with a claim, or a model with a run." },
  Q006: { title: "results cannot be written there", page: "The folder for results, `runs/NAME-HASH` or what `-o` names, can't be made or written to; the reason stands in parentheses. It is tried before anything is run, so that nothing is lost.\n\n  wrong:  quench verify a.quench -o README.md         # a file\n  right:  quench verify a.quench -o results" },
  Q007: { title: "results could not be written", page: "The file system refused a write while runs were at work: the disk is full, a quota is used up, or the folder was made read-only; the reason stands in parentheses. Runs stop at once. Every task that was finished before is kept, and `quench resume DIR` goes on." },
  Q008: { title: "another process is at work there", page: "One process writes to a run directory at a time. The file `lock` in it says which process has it; a lock that was left by a process that was killed is taken over.\n\n  wrong:  quench verify a.quench & quench verify a.quench\n  right:  quench verify a.quench & quench verify a.quench --seed 2" },
  Q009: { title: "not a run directory", page: "`quench resume`, `status`, `report` and `export` take a folder that `quench run` or `quench verify` has written: it holds run.json and spec.quench.\n\n  wrong:  quench resume a.quench\n  right:  quench resume runs/a-1f0c9a3e" },
  Q011: { title: "an imported file that cannot be read", page: "The path of an `import` names no text file. It starts at the folder of the file that imports.\n\n  wrong:  import \"lib\"\n  right:  import \"lib.quench\"" },
  Q012: { title: "imports in a circle", page: "A file that imports itself, directly or through others, has no order in which its names could be brought in.\n\n  wrong:  import \"b.quench\"          # in a.quench, and b.quench imports a.quench\n  right:  import \"common.quench\"     # in both" },
  Q010: { title: "a setting that isn't one", page: "`--set` takes the name of a parameter and a number.\n\n  wrong:  --set N:50\n  right:  --set N=50" },
};

export const codeTables: readonly Readonly<Record<string, CodePage>>[] = [fileCodes, syntaxCodes, checkCodes, resultCodes, laterCodes];

export const codes: Readonly<Record<string, CodePage>> = Object.assign({}, ...codeTables) as Record<string, CodePage>;

import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { exitStatus } from "./exitStatus.ts";
import { machineReadable } from "./machineReadable.ts";
import { say, sayEvent } from "./terminal.ts";
import { version } from "./version.ts";

/** The verbs and their options. Each verb is loaded only when it is called: `check` must not pay for figures or workers. */
const program = new Command("quench")
  .description("A language and compiler for energy landscapes and disordered systems")
  .version(version)
  .exitOverride()
  .configureOutput({ writeErr: (text) => (machineReadable ? sayEvent({ event: "usage", message: text.trim() }) : void process.stderr.write(text)) });

const settings = new Option("--set <assignment...>", "override a parameter: NAME=value").default([] as string[]);
const natural = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("a whole number is needed.");
  return value;
};
const json = new Option("--json", "machine-readable result on stdout, events as JSON lines on stderr");

const simd = (): Option => new Option("--simd <form>", "vectors of WASM kernels: plain gives the same bits on every machine, relaxed uses fused multiply-adds where there are some").choices(["plain", "relaxed"]).default("plain");
const precision = (): Option => new Option("--precision <precision>", "of the kernels of gradients and local moves; energies and observables that are recorded are always f64").choices(["f64", "f32"]).default("f64");

program.command("new").argument("<name>", "name of the file, with or without .quench")
  .description("write a small specification that verifies, to begin with")
  .action(async (name) => finish((await import("./commands/new.ts")).createSpecification(name)));

program.command("check").argument("<file>", "specification").addOption(json).addOption(settings)
  .description("report every error of a specification")
  .action(async (file, options) => finish((await import("./commands/check.ts")).check(file, options)));

program.command("fmt").argument("<files...>", "specifications")
  .option("--write", "replace the files").option("--check", "only say which files would change (exit status 1)")
  .description("print the canonical text")
  .action(async (files, options) => finish((await import("./commands/fmt.ts")).fmt(files, options)));

program.command("build").argument("<file>", "specification").requiredOption("-o, --output <directory>", "where the modules go")
  .option("--model <names>", "only these models, separated by commas")
  .addOption(simd()).addOption(precision())
  .description("write importable TypeScript and WASM for each model")
  .action(async (file, options) => finish((await import("./commands/build.ts")).build(file, options)));

const seconds = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("a positive number is needed.");
  return value;
};
/** 500000, 64k, 256M, 2G (powers of 1000), or all. */
const bytes = (text: string): number => {
  const match = /^(\d+(?:\.\d+)?)\s*([kMGT]?)B?$/.exec(text);
  if (text === "all") return Number.MAX_SAFE_INTEGER;
  if (!match) throw new InvalidArgumentError("a number of bytes is needed: 0, 64k, 256M, 2G, all.");
  return Math.round(Number(match[1]) * 1000 ** " kMGT".indexOf(match[2] || " "));
};

const execution = (command: Command): Command => command.argument("<file>", "specification")
  .option("--only <names>", "only what is about these runs and theories, separated by commas")
  .addOption(settings)
  .option("--seed <number>", "seed of all random numbers", natural)
  .option("--workers <number>", "worker threads (default: one a core)", natural)
  .addOption(new Option("--target <target>", "where kernels run").choices(["wasm", "typescript", "tfjs"]).default("wasm"))
  .addOption(new Option("--tfjs-backend <backend>", "of --target tfjs, the first to try").choices(["auto", "webgpu", "tensorflow", "wasm", "cpu"]).default("auto"))
  .addOption(simd()).addOption(precision())
  .option("--settings <file>", "constants measured by `quench doctor --write FILE`, which become part of what the run is")
  .option("-o, --output <directory>", "where results and figures go (default: runs/NAME-HASH)")
  .addOption(new Option("--keep-states <bytes>", "most bytes of states to keep of a run, for observables that are declared later").argParser(bytes).default(256e6, "256M"))
  .option("--checkpoint <seconds>", "seconds between two checkpoints of a task (default: 10)", seconds)
  .addOption(new Option("--memory <bytes>", "most bytes that the models of a run may take together: beyond, the run is refused").argParser(bytes))
  .option("--quiet", "no progress")
  .addOption(json);

execution(program.command("run").option("-n, --dry-run", "only say what would be run, with estimated cost, memory and time")).description("do the runs and print the tables")
  .action(async (file, options) => finish((await import("./commands/run.ts")).run(file, options)));
execution(program.command("verify")).description("do the runs, decide every claim, draw the figures")
  .action(async (file, options) => finish((await import("./commands/verify.ts")).verify(file, options)));

const resumption = (command: Command): Command => command.argument("<directory>", "run directory, as `run` and `verify` name it")
  .option("--workers <number>", "worker threads (default: one a core)", natural)
  .option("--checkpoint <seconds>", "seconds between two checkpoints of a task (default: 10)", seconds)
  .option("--quiet", "no progress")
  .addOption(json);
resumption(program.command("resume")).description("go on with what was stopped, with the settings of its beginning")
  .action(async (directory, options) => finish((await import("./commands/resume.ts")).resume(directory, options)));
resumption(program.command("status")).description("how far each run is")
  .action(async (directory, options) => finish((await import("./commands/status.ts")).status(directory, options)));
resumption(program.command("report")).description("evaluate what there is, write report.html; nothing is run")
  .action(async (directory, options) => finish((await import("./commands/report.ts")).report(directory, options)));

program.command("export").argument("<directory>", "run directory")
  .addOption(new Option("--format <format>", "what to write").choices(["csv", "jsonl", "npz", "hdf5", "parquet"]).default("csv"))
  .option("-o, --output <directory>", "where the files go, one a run (default: export/ in the run directory)")
  .option("--quiet", "no remarks").addOption(json)
  .description("write the records for other programs")
  .action(async (directory, options) => finish((await import("./commands/export.ts")).exportRecords(directory, options)));

program.command("explain").argument("<what>", "specification, or a diagnostic code such as Q204").argument("[item]", "a model, run or theory")
  .option("--latex", "mathematics as LaTeX").addOption(settings)
  .addOption(new Option("--target <target>", "explain the kernels of this target").choices(["wasm", "typescript", "tfjs"]).default("wasm"))
  .addOption(precision())
  .description("print the derived mathematics, costs and targets")
  .action(async (what, item, options) => finish((await import("./commands/explain.ts")).explain(what, item, options)));

program.command("doctor").option("--write <file>", "measure the constants of a settings file, and write it").addOption(new Option("--json", "machine-readable result on stdout"))
  .description("what this machine has, and how fast it is")
  .action(async (options) => finish((await import("./commands/doctor.ts")).doctor(options)));

program.command("functions").description("list everything that an expression can call")
  .action(async () => finish((await import("./commands/functions.ts")).functions()));

async function finish(status: number | Promise<number>): Promise<void> {
  process.exitCode = await status;
}

// A closed pipe (`quench explain … | head`) is the reader's choice: what remains to be said is dropped, results are still written.
let unwritable = false;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE" || unwritable) return;
  unwritable = true;
  say(`stdout cannot be written to (${error.code ?? error.message})`);
  process.exitCode = exitStatus.rejected;
});
process.stderr.on("error", () => {});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
  } else {
    say(`internal error: ${error instanceof Error ? error.message : String(error)}`);
    say("This is a fault of Quench, not of your specification. QUENCH_DEBUG=1 shows where it happened.");
    if (process.env["QUENCH_DEBUG"]) say(error instanceof Error ? (error.stack ?? "") : "");
    process.exitCode = exitStatus.internal;
  }
}

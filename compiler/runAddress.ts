/**
 * The content address of a run: what its tasks are functions of, as hashes. Comments, claims, plots and other runs have no part in it, nor
 * have observables in the address of the states: a new one finds the states of old tasks where they are.
 */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { observablesOf, type RunPlan } from "../runtime/engine/plan.ts";
import type { RunAddress } from "../runtime/results/store/runAddress.ts";
import { closure } from "./ir/closure.ts";
import { contentText } from "./ir/contentText.ts";
import { copiesIn, type ArrayDeclaration, type Program } from "./ir/program.ts";
import { arraysInConstraints } from "./ir/readsOf.ts";

export interface AddressInputs {
  /** The plans of the other runs, with the programs of their models: what this run reads of them is part of its address. */
  readonly others: ReadonlyMap<string, { readonly plan: RunPlan; readonly program: Program }>;
  readonly version: string;
  readonly target: string;
  /** How its kernels compute, where that isn't IEEE arithmetic operation by operation. */
  readonly arithmetic?: string | undefined;
  /** Where relative paths of data files start. */
  readonly directory: string;
}

export function runAddress(plan: RunPlan, program: Program, inputs: AddressInputs): RunAddress {
  const { others, version, target, arithmetic, directory } = inputs;
  const { points, samples: _, starts, sweep, record: __, transient: ___, chance: ____, steps, seed, run, model, continues, ...rest } = plan;
  // What differs between the points belongs to them.
  const common = steps.map((step) => ({ ...step, arguments: undefined, amount: undefined, every: undefined, until: step.until && "below" in step.until ? { ...step.until, below: undefined } : step.until }));
  const moving = closure(program, [
    program.energy, ...program.arrays.filter((a) => a.origin.kind === "state" || (a.origin.kind === "copy" && a.origin.initial !== undefined)).map((a) => a.name),
    ...arraysInConstraints(program.constraints), ...steps.flatMap(({ until }) => (until ? observablesOf(until) : [])),
    ...(program.batch ? [program.batch.energy, ...program.batch.gathered.flatMap((g) => [g.of, g.array])] : []), ...(continues?.given ?? []).map((g) => g.array),
  ]);
  // A task depends on one point of each run that it continues from: what else that one sweeps, and how many samples it has, changes nothing.
  const sources = (continues?.runs ?? []).map(({ run: name, points: places, starts: itsStarts }) => {
    const other = others.get(name)!;
    return { places, starts: itsStarts, address: runAddress(other.plan, other.program, inputs) };
  });
  const states = hash({
    version, target, seed, run, model, steps: common, rest, sweep: sweep.map((s) => s.name), constraints: program.constraints, batch: program.batch, energy: program.energy,
    parameters: program.parameters.map(({ name, kind }) => ({ name, kind })),
    arrays: moving, data: givenData(program, moving, directory),
    // All starts of a sample are evaluated together there, in float32.
    ...(target === "tfjs" ? { starts } : {}),
    ...(arithmetic === undefined ? {} : { arithmetic }),
    of: continues && { states: continues.states, ...(continues.given ? { given: continues.given.map(({ array, run: number, of }) => ({ array, run: number, of })) } : {}), runs: sources.map((s) => ({ states: s.address.states, starts: s.starts })) },
  });
  const at = (value: unknown, point: number): unknown => (Array.isArray(value) ? value[point] : value);
  return {
    states,
    points: points.map(({ sweep: values, parameters }, point) => hash({
      values, parameters, ...(continues ? { of: sources.map((s) => s.address.points[s.places[point]!]) } : {}),
      steps: steps.map((s) => ({ arguments: s.arguments[point], amount: at(s.amount, point), every: at(s.every, point), until: s.until?.kind === "error" ? s.until.below.map((b) => at(b, point)) : s.until && "below" in s.until ? at(s.until.below, point) : undefined })),
    })),
    copies: copiesIn(program),
    observables: Object.fromEntries([...new Set([program.observables[0]!, ...plan.record])].map((name) => {
      const arrays = closure(program, [name]);
      return [name, hash({ name, arrays, data: givenData(program, arrays, directory) })];
    })),
  };
}

/** The bindings of these arrays, with the bytes of the files that they name. */
function givenData(program: Program, arrays: readonly ArrayDeclaration[], directory: string): unknown {
  const bindings = (program.data ?? []).filter((d) => d.arrays.some(({ array }) => arrays.some((a) => a.name === array)));
  return bindings.map((binding) => ({
    binding,
    files: Object.values(binding.arguments).flatMap((text) => (typeof text === "string" ? fileHash(resolve(directory, text)) : [])),
  }));
}

const fileHashes = new Map<string, readonly string[]>();
function fileHash(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) return [];
  const key = `${path} ${found.mtimeMs} ${found.size}`;
  const known = fileHashes.get(key) ?? [createHash("sha256").update(readFileSync(path)).digest("hex")];
  fileHashes.set(key, known);
  return known;
}

const hash = (value: unknown): string => createHash("sha256").update(contentText(value)).digest("hex").slice(0, 32);

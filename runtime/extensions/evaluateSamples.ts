/** Evaluates a definition at its samples, as the compiler does where it proves it: the same numbers must come out whenever and wherever. */
import { Stream } from "../random/stream.ts";
import { messageOf } from "../messageOf.ts";
import type { ArrayFunctionForm, ArrayView } from "./arrayFunctions.ts";
import { memoryOfOwn } from "./own.ts";
import { isDefinition } from "./define.ts";

/** Numbers of one sample, with the adjoints of the arguments where the definition gives some, or what it threw. */
export type SampleOutcome = { readonly numbers: readonly number[]; readonly adjoints?: readonly unknown[] } | { readonly failed: string };

/** Entries that are drawn at each sample of a distribution, in an array of two axes. */
export const DRAWN = [200, 100] as const;

type Written = number | readonly number[] | readonly (readonly number[])[];

/** One outcome a sample; undefined for a kind without samples. Definitions of the wrong form give whatever they give. */
export function evaluateSamples(definition: unknown): readonly SampleOutcome[] | undefined {
  if (!isDefinition(definition)) return undefined;
  switch (definition.kind) {
    case "function":
      if ("arguments" in definition) return outcomes<readonly Written[]>(definition, (sample) => {
        const x = sample.map(given);
        const made = definition.value(...x);
        requireKept(sample, x);
        return made;
      }).map((outcome, k) => (typeof definition.adjoint === "function" && "numbers" in outcome ? withAdjoints(definition.adjoint, outcome.numbers, definition, k) : outcome));
      return outcomes<readonly number[]>(definition, (sample) => definition.value(...sample));
    case "observable": return outcomes<readonly (readonly Written[])[]>(definition, (history) => {
      let own = definition.init(...history[0]!.map(given));
      for (const [k, record] of history.entries()) {
        const x = record.map(given);
        // As a run that was interrupted before this record goes on.
        const saved = memoryOfOwn(own).save();
        const resumed = definition.init(...record.map(given));
        memoryOfOwn(resumed).restore(saved);
        definition.update(own, ...x);
        requireKept(record, x);
        definition.update(resumed, ...record.map(given));
        const [straight, interrupted] = [definition.value(own), definition.value(resumed)];
        if (!sameMade(straight, interrupted)) throw new Error(`interrupted before record ${k + 1} it goes on otherwise: what it remembers must be numbers, truth values, Float64Arrays and Int32Arrays`);
        own = resumed;
      }
      return definition.value(own);
    });
    case "distribution": return outcomes<readonly number[]>(definition, (sample) => {
      const out = new Float64Array(DRAWN[0] * DRAWN[1]);
      definition.fill(out, new Stream(["samples"]), sample, DRAWN);
      return out;
    });
    default: return undefined;
  }
}

const samplesOf = <Sample>(definition: object): readonly Sample[] => ("samples" in definition && Array.isArray(definition.samples) ? (definition.samples as readonly Sample[]) : []);

function outcomes<Sample>(definition: object, evaluate: (sample: Sample) => unknown): readonly SampleOutcome[] {
  return samplesOf<Sample>(definition).map((sample) => {
    try {
      const made = evaluate(sample);
      if (typeof made === "number") return { numbers: [made] };
      return made instanceof Float64Array ? { numbers: [...made] } : { failed: `it gave ${whatIs(made)}, and a number or a Float64Array is expected` };
    } catch (error) {
      return { failed: messageOf(error) };
    }
  });
}

const sameMade = (a: unknown, b: unknown): boolean =>
  a instanceof Float64Array && b instanceof Float64Array ? a.length === b.length && a.every((x, i) => Object.is(x, b[i])) : typeof a !== "number" || Object.is(a, b);

/** What the adjoint of the result is at samples of a function of arrays: 1, or different numbers where the result is an array. */
export const sampleAdjoint = (length: number): readonly number[] => (length === 1 ? [1] : Array.from({ length }, (_, i) => Math.cos(i + 1)));

function withAdjoints(adjoint: Exclude<ArrayFunctionForm["adjoint"], "none" | undefined>, numbers: readonly number[], definition: object, k: number): SampleOutcome {
  const sample = samplesOf<readonly Written[]>(definition)[k]!;
  const x = sample.map(given);
  const result = "result" in definition ? definition.result : "scalar";
  const first = x[0];
  const shape = typeof first !== "object" ? [] : result === "row" ? first.shape.slice(0, 1) : first.shape;
  try {
    const adjoints: unknown = adjoint(result === "scalar" ? 1 : { values: Float64Array.from(sampleAdjoint(numbers.length)), shape }, x);
    requireKept(sample, x);
    return { numbers, adjoints: Array.isArray(adjoints) ? adjoints : [] };
  } catch (error) {
    return { failed: `in \`adjoint\`: ${messageOf(error)}` };
  }
}

function whatIs(made: unknown): string {
  if (made === undefined || made === null) return made === null ? "null" : "nothing";
  if (made instanceof Promise) {
    // Whatever becomes of it concerns nobody.
    made.catch(() => {});
    return "a promise (nothing waits for it: `value` must not be `async`)";
  }
  return Array.isArray(made) ? "a list" : ArrayBuffer.isView(made) ? `a ${made.constructor.name}` : typeof made === "function" ? "a function" : `a ${typeof made}`;
}

/** @throws Error if a function has changed what it was given: that is the state itself. */
function requireKept(written: readonly Written[], x: readonly (number | ArrayView)[]): void {
  for (const [k, argument] of written.entries()) {
    const [before, after] = [given(argument), x[k]!];
    if (typeof before === "object" && typeof after === "object" && before.values.some((v, i) => !Object.is(v, after.values[i]))) throw new Error(`it changes its argument ${k + 1}: work on a copy, \`x.values.slice()\``);
  }
}

/** A sample's argument as a function gets it. */
export function given(written: Written): number | ArrayView {
  if (typeof written === "number") return written;
  const rows = written.map((row) => (typeof row === "number" ? [row] : row));
  return { values: Float64Array.from(rows.flat()), shape: typeof written[0] === "number" ? [written.length] : [written.length, rows[0]!.length] };
}

/** Evaluates a definition at its samples, as the compiler does where it proves it: the same numbers must come out whenever and wherever. */
import { Stream } from "../random/stream.ts";
import { messageOf } from "../messageOf.ts";
import type { ArrayView } from "./arrayFunctions.ts";
import { isDefinition } from "./define.ts";

/** Numbers of one sample, or what it threw. */
export type SampleOutcome = { readonly numbers: readonly number[] } | { readonly failed: string };

/** Entries that are drawn at each sample of a distribution, in an array of two axes. */
export const DRAWN = [200, 100] as const;

type Written = number | readonly number[] | readonly (readonly number[])[];

/** One outcome a sample; undefined for a kind without samples. Definitions of the wrong form give whatever they give. */
export function evaluateSamples(definition: unknown): readonly SampleOutcome[] | undefined {
  if (!isDefinition(definition)) return undefined;
  switch (definition.kind) {
    case "function":
      if ("arguments" in definition) return outcomes<readonly Written[]>(definition, (sample) => definition.value(...sample.map(given)));
      return outcomes<readonly number[]>(definition, (sample) => definition.value(...sample));
    case "observable": return outcomes<readonly (readonly Written[])[]>(definition, (history) => {
      const own = definition.init(...history[0]!.map(given));
      for (const record of history) definition.update(own, ...record.map(given));
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

function outcomes<Sample>(definition: object, evaluate: (sample: Sample) => unknown): readonly SampleOutcome[] {
  const samples = "samples" in definition && Array.isArray(definition.samples) ? (definition.samples as readonly Sample[]) : [];
  return samples.map((sample) => {
    try {
      const made = evaluate(sample);
      if (typeof made === "number") return { numbers: [made] };
      return made instanceof Float64Array ? { numbers: [...made] } : { failed: `it gave ${made === null ? "null" : Array.isArray(made) ? "a list, and a Float64Array was expected" : `a ${typeof made}`}` };
    } catch (error) {
      return { failed: messageOf(error) };
    }
  });
}

/** A sample's argument as a function gets it. */
export function given(written: Written): number | ArrayView {
  if (typeof written === "number") return written;
  const rows = written.map((row) => (typeof row === "number" ? [row] : row));
  return { values: Float64Array.from(rows.flat()), shape: typeof written[0] === "number" ? [written.length] : [written.length, rows[0]!.length] };
}

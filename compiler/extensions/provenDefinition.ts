/** What is proved of a definition beyond its form, at its samples: finite, the same twice and in another thread, with the right derivative. */
import { DRAWN, evaluateSamples } from "../../runtime/extensions/evaluateSamples.ts";
import type { SampleOutcome } from "../../runtime/extensions/evaluateSamples.ts";
import type { ExtensionDefinition } from "./definition.ts";
import { drawnProblem } from "./drawnProblem.ts";

/** What is wrong, or undefined. @param elsewhere the outcomes in a fresh worker */
export function samplesProblem(definition: ExtensionDefinition, elsewhere: readonly SampleOutcome[] | undefined): string | undefined {
  const first = evaluateSamples(definition);
  const second = evaluateSamples(definition);
  for (const [k, outcome] of (first ?? []).entries()) {
    const at = sampleText(definition, k);
    const [again, there] = [second?.[k], elsewhere?.[k]];
    if ("failed" in outcome) return `it fails at ${at}: ${outcome.failed}`;
    const odd = outcome.numbers.find((x) => !Number.isFinite(x));
    if (odd !== undefined) return `its value at ${at} is ${odd}, no finite number`;
    const length = expectedLength(definition, k);
    if (outcome.numbers.length !== length) return `its value at ${at} has ${outcome.numbers.length} entries, and \`result\` promises ${length}`;
    if (!same(outcome, again)) return `it has two values at ${at}, ${valueText(outcome)} and ${valueText(again)}`;
    if (!same(outcome, there)) return `in a fresh worker its value at ${at} is ${valueText(there)}, and here it is ${valueText(outcome)}: it depends on more than its arguments`;
    if (!sameAdjoints(outcome, again) || !sameAdjoints(outcome, there)) return `its adjoint at ${at} is not the same twice`;
    const drawn = definition.kind === "distribution" ? drawnProblem(definition, k, outcome.numbers) : undefined;
    if (drawn !== undefined) return `at ${at} ${drawn}`;
  }
  return undefined;
}

const same = (a: SampleOutcome, b: SampleOutcome | undefined): boolean =>
  b !== undefined && "numbers" in a && "numbers" in b && a.numbers.length === b.numbers.length && a.numbers.every((x, k) => Object.is(x, b.numbers[k]));

const sameAdjoints = (a: SampleOutcome, b: SampleOutcome | undefined): boolean =>
  b !== undefined && "numbers" in a && "numbers" in b && (a.adjoints ?? []).every((one, k) => typeof one === "number" ? Object.is(one, b.adjoints?.[k]) : !(one instanceof Float64Array) || one.every((x, i) => { const other = b.adjoints?.[k]; return other instanceof Float64Array && Object.is(x, other[i]); }));

const valueText = (outcome: SampleOutcome | undefined): string =>
  outcome === undefined ? "none" : "failed" in outcome ? `none (${outcome.failed})` : outcome.numbers.length === 1 ? String(outcome.numbers[0]) : `${outcome.numbers.slice(0, 3).join(", ")}${outcome.numbers.length > 3 ? ", …" : ""}`;

function sampleText(definition: ExtensionDefinition, k: number): string {
  if (!("samples" in definition)) return "";
  const written = JSON.stringify(definition.samples[k]).replace(/^\[(.*)\]$/, "($1)").replaceAll(",", ", ");
  return written.length > 60 ? `sample ${k + 1}` : written;
}

function expectedLength(definition: ExtensionDefinition, k: number): number {
  if (definition.kind === "distribution") return DRAWN[0] * DRAWN[1];
  if ((definition.kind !== "function" && definition.kind !== "observable") || !("result" in definition) || definition.result === "scalar") return 1;
  const first: unknown = definition.kind === "observable" ? definition.samples[k]![0]![0] : definition.samples[k]![0];
  if (!Array.isArray(first)) return 1;
  return definition.result === "row" ? first.length : first.flat().length;
}

/** `run B of M(W = A.w)`: where the entries of `w` are in the state vector of A, at each point, once sizes are known; and whether they are those of `W`. */
import type { SourceFile } from "../grammar/ast.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { GivenArray, RunPlan } from "../runtime/engine/plan.ts";
import { arraySizes, shapeText } from "./1-check/checkSizes.ts";
import type { ArraySize } from "./1-check/checkSizes.ts";
import { bindData } from "./2-lower/bindData.ts";
import { statesOf } from "./ir/program.ts";
import type { Program } from "./ir/program.ts";

export interface PlacedRuns { readonly runs: readonly RunPlan[]; readonly diagnostics: readonly Diagnostic[] }

/** Q452 where the shapes differ, once a run. */
export function placeGivenArrays(file: SourceFile, runs: readonly RunPlan[], programs: ReadonlyMap<string, Program>, directory?: string): PlacedRuns {
  const diagnostics: Diagnostic[] = [];
  const sizesAt = (plan: RunPlan, program: Program, point: number): readonly ArraySize[] => {
    const values = { ...plan.points[point]!.sweep, ...plan.points[point]!.parameters };
    const { program: bound } = bindData(program, values, directory);
    return arraySizes(bound, { ...Object.fromEntries(bound.parameters.map((p) => [p.name, p.default])), ...values });
  };
  const placed = runs.map((plan): RunPlan => {
    const before = diagnostics.length;
    const program = programs.get(plan.run);
    const { continues } = plan;
    if (!program || !continues?.given) return plan;
    const given = continues.given.map((g): GivenArray => {
      const source = runs.find((r) => r.run === continues.runs[g.run]!.run);
      const from = source && programs.get(source.run);
      if (!source || !from) return g;
      const own = statesOf(from).filter((s) => s.origin.copy === undefined).map((s) => s.name);
      const places = plan.points.map((_, point) => {
        const theirs = sizesAt(source, from, continues.runs[g.run]!.points[point]!);
        const states = own.map((name) => theirs.find((s) => s.array.name === name)!);
        const index = own.indexOf(g.of);
        const wanted = sizesAt(plan, program, point).find((s) => s.array.name === g.array)!;
        if (diagnostics.length === before && !sameShape(states[index]!, wanted)) diagnostics.push(differ(file, plan, g, source.run, wanted, states[index]!));
        return { offset: states.slice(0, index).reduce((sum, s) => sum + s.bytes / 8, 0), length: states[index]!.bytes / 8 };
      });
      return { ...g, places };
    });
    return { ...plan, continues: { ...continues, given } };
  });
  return { runs: placed, diagnostics };
}

const sameShape = (a: ArraySize, b: ArraySize): boolean =>
  a.extents.length === b.extents.length && a.extents.every((n, k) => n === b.extents[k]) && a.array.slots.every((slot, k) => slot.order === b.array.slots[k]!.order);

function differ(file: SourceFile, plan: RunPlan, { array, of }: GivenArray, source: string, wanted: ArraySize, found: ArraySize): Diagnostic {
  const item = file.items.find((i) => i.kind === "run" && i.name.name === plan.run);
  const argument = item?.kind === "run" ? item.arguments.find((a) => a.name?.name === array) : undefined;
  const shape = (size: ArraySize): string => (size.extents.length === 0 ? "one number" : shapeText(size));
  return {
    severity: "error", code: "Q452", message: `\`${array}\` holds ${shape(wanted)}, and \`${source}.${of}\` ${shape(found)}`,
    labels: argument ? [{ span: argument.span, message: "" }] : [], help: "give both runs the same sizes", arguments: { run: plan.run, array },
  };
}

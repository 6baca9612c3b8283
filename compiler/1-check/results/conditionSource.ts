/** Conditions and what they compare, as JavaScript text, printed from the operators' own records: functions cannot be sent to a worker. */
import type { ObservableExpression, PerPoint, RunPoint } from "../../../runtime/engine/plan.ts";
import type { Span } from "../../../grammar/span.ts";
import type { ResultExpression } from "../../../runtime/results/expression.ts";
import { extensionsIn } from "../../library/ops/extension.ts";
import { ops } from "../../library/ops/index.ts";
import type { OperatorName } from "../../library/ops/index.ts";
import type { RunSymbol } from "./names.ts";
import type { Context } from "./scope.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import { perPoint } from "./runScope.ts";

interface Printed { readonly text: string; readonly precedence: number }
const ATOM = 20;
const NEGATIVE = 14;

/** An error where an entry of an array is named by something that isn't known before the run. */
export function conditionSource(context: Context, run: RunSymbol, expression: ResultExpression, span: Span, asCondition = true): ObservableExpression | undefined {
  const observables = new Map<string, ObservableExpression["observables"][number]>();
  const parameters = new Map<string, { name: string; parameter: string }>();
  let possible = true;

  const print = (e: ResultExpression, asCondition = false): Printed => {
    switch (e.kind) {
      case "constant": return { text: numberText(e.value), precedence: e.value < 0 ? NEGATIVE : ATOM };
      case "variable": {
        const known = parameters.get(e.name) ?? { name: `parameter${parameters.size + 1}`, parameter: e.name };
        parameters.set(e.name, known);
        return { text: known.name, precedence: ATOM };
      }
      case "observable": {
        const places = placesOf(e, run.points);
        if (places === undefined) possible = false;
        const key = `${e.name}${JSON.stringify(places)}`;
        const known = observables.get(key) ?? { name: `observable${observables.size + 1}`, observable: e.name, places: places ?? [] };
        observables.set(key, known);
        return { text: known.name, precedence: ATOM };
      }
      case "apply": {
        const { typescript } = ops[e.operator as OperatorName];
        const notation = asCondition ? (typescript.condition ?? typescript) : typescript;
        const arguments_ = e.arguments.map((a, k) => {
          const { text, precedence } = print(a);
          return precedence < notation.arguments[k]! ? `(${text})` : text;
        });
        return { text: notation.print(...arguments_), precedence: notation.precedence };
      }
      default: throw new Error(`internal: a condition holds ${e.kind}`);
    }
  };
  const { text } = print(expression, asCondition);
  if (!possible) {
    context.report.error("Q440", "the place of an entry is not known before the run", span, "name the entry by numbers, sweep variables and parameters; or declare an observable that picks it");
    return undefined;
  }
  const extensions = extensionsIn(text);
  const source = extensions.length > 0 ? `(() => { ${extensions.join(" ")} return ${text}; })()` : text;
  return { source, observables: [...observables.values()], ...(parameters.size > 0 ? { parameters: [...parameters.values()] } : {}) };
}

const numberText = (value: number): string => (value === Infinity ? "Infinity" : value === -Infinity ? "-Infinity" : String(value));

/** The places of an entry in the recorded values, at each point. */
function placesOf(e: Extract<ResultExpression, { kind: "observable" }>, points: readonly RunPoint[]): readonly PerPoint[] | undefined {
  const places = e.subscripts.map((s) => {
    const values = points.map(({ parameters, sweep }) => evaluateConstant(s, { ...parameters, ...sweep }));
    return values.includes(undefined) ? undefined : perPoint(values.filter((v) => v !== undefined));
  });
  return places.includes(undefined) ? undefined : places.filter((p) => p !== undefined);
}

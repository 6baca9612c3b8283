/** Conditions and what they compare, as JavaScript text, printed from the operators' own records: functions cannot be sent to a worker. */
import type { ObservableExpression } from "../../../runtime/engine/plan.ts";
import type { ResultExpression } from "../../../runtime/results/expression.ts";
import { extensionsIn } from "../../library/ops/extension.ts";
import { ops } from "../../library/ops/index.ts";
import type { OperatorName } from "../../library/ops/index.ts";
import { evaluateConstant } from "./evaluateConstant.ts";

interface Printed { readonly text: string; readonly precedence: number }
const ATOM = 20;
const NEGATIVE = 14;

/** Undefined where an entry of an array is named by something that is not a number, or the array has several axes. */
export function conditionSource(expression: ResultExpression, asCondition = true): ObservableExpression | undefined {
  const observables = new Map<string, { name: string; observable: string; entry: number }>();
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
        const entry = entryOf(e);
        if (entry === undefined) possible = false;
        const key = `${e.name}[${entry}]`;
        const known = observables.get(key) ?? { name: `observable${observables.size + 1}`, observable: e.name, entry: entry ?? 0 };
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
  if (!possible) return undefined;
  const extensions = extensionsIn(text);
  const source = extensions.length > 0 ? `(() => { ${extensions.join(" ")} return ${text}; })()` : text;
  return { source, observables: [...observables.values()], ...(parameters.size > 0 ? { parameters: [...parameters.values()] } : {}) };
}

const numberText = (value: number): string => (value === Infinity ? "Infinity" : value === -Infinity ? "-Infinity" : String(value));

/** The place of an entry in the recorded values, from 0. */
function entryOf(e: Extract<ResultExpression, { kind: "observable" }>): number | undefined {
  if (e.subscripts.length === 0) return 0;
  const value = evaluateConstant(e.subscripts[0]!);
  return e.subscripts.length > 1 || value === undefined ? undefined : value - 1;
}

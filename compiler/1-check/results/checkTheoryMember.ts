/** Quantities of a theory: `Landscape.E_inf`, `Landscape.E[k]`, `Landscape.complexity(u, k)`, `RS.entropy(alpha = 0.6)`. */
import type { Argument, Expression, MemberExpression, Slice } from "../../../grammar/ast.ts";
import type { ResultExpression } from "../../../runtime/results/expression.ts";
import type { TheoryQuantity } from "../../library/theories/index.ts";
import type { TheorySymbol } from "./names.ts";
import type { Context, Scope } from "./scope.ts";
import { suggest } from "./suggest.ts";
import type { Typed } from "./typed.ts";
import { over, unknown } from "./typed.ts";

export function checkTheoryMember(context: Context, e: MemberExpression, theory: TheorySymbol, scope: Scope, subscripts: readonly (Expression | Slice)[] | undefined): Typed {
  const { report } = context;
  const written = `${theory.name}.${e.name.name}`;
  const given = (e.arguments ?? []).map((argument) => ({ argument, value: context.check(argument.value, scope) }));
  const entries = subscripts?.map((s) => (s.kind === "slice" ? unknown : context.check(s, scope)));
  const slice = subscripts?.find((s) => s.kind === "slice");
  const wrong = (code: string, message: string, at: { readonly start: number; readonly end: number }, help?: string): Typed => {
    report.error(code, message, at, help);
    return unknown;
  };
  if (slice !== undefined) return wrong("Q604", `\`${written}\` has one value for each index: name one`, slice.span);
  if (theory.method === undefined && theory.declared === undefined) return unknown;
  if (theory.item.kind === "derivedTheory" && theory.model === undefined) return unknown;

  const quantity = findQuantity(theory, e.name.name);
  if (quantity === undefined) return wrong("Q603", `\`${theory.name}\` predicts no \`${e.name.name}\``, e.name.span, suggest(e.name.name, quantityNames(theory), "it predicts"));
  const form = formOf(theory.name, quantity);
  if (quantity.form === "subscript" ? subscripts?.length !== quantity.arguments.length : subscripts !== undefined) {
    return wrong("Q604", quantity.form === "subscript" ? `\`${written}\` needs ${quantity.arguments.length === 1 ? "an index" : `${quantity.arguments.length} indices`}` : `\`${written}\` has no entries`, e.span, `it is written \`${form}\``);
  }

  const places: (ResultExpression | undefined)[] = quantity.form === "subscript" ? entries!.map((s) => s.expression) : [];
  const named: Record<string, ResultExpression> = {};
  const mayPosition = quantity.form === "call" ? quantity.arguments : [];
  const seen = new Set<string>();
  for (const { argument, value } of given) {
    if (argument.name === undefined) {
      if (places.length >= mayPosition.length) return wrong("Q604", mayPosition.length === 0 ? `\`${written}\` takes no arguments without a name` : `\`${written}\` takes at most ${mayPosition.length} arguments without a name`, argument.span, quantity.form === "value" ? `name the parameter: \`${written}(${[...parameterNames(theory, quantity)][0] ?? "x"} = …)\`` : `it is written \`${form}\``);
      seen.add(mayPosition[places.length]!.name);
      places.push(value.expression);
      continue;
    }
    const name = argument.name.name;
    if (seen.has(name)) return wrong("Q403", `\`${name}\` is given twice`, argument.name.span);
    seen.add(name);
    const place = mayPosition.findIndex((a) => a.name === name);
    if (place >= 0) places[place] = value.expression;
    else if (parameterNames(theory, quantity).has(name)) named[name] = value.expression;
    else return unknownParameter(context, theory, quantity, argument);
  }
  const missing = mayPosition.findIndex((a, k) => places[k] === undefined && (a.optional !== true || places.length > k));
  if (missing >= 0) return wrong("Q604", `\`${written}\` lacks its argument \`${mayPosition[missing]!.name}\``, e.span, `it is written \`${form}\``);
  return over([...given.map((g) => g.value), ...(entries ?? [])], "number", {
    kind: "theory", theory: theory.name, quantity: quantity.name, arguments: places as readonly ResultExpression[], named,
  });
}

/** `Landscape.complexity(u, k)` */
const formOf = (theory: string, { name, form, arguments: places }: TheoryQuantity): string => {
  const list = places.map((a) => a.name).join(", ");
  return `${theory}.${name}${form === "subscript" ? `[${list}]` : form === "call" ? `(${list})` : ""}`;
};

function findQuantity(theory: TheorySymbol, name: string): TheoryQuantity | undefined {
  const known = theory.method?.quantities.find((q) => q.name === name);
  if (known !== undefined) return known;
  const predicted = theory.declared?.quantities.includes(name) === true || (theory.method?.predictsObservables === true && theory.model!.observables.get(name)?.axes === 0);
  return predicted ? { name, form: "value", arguments: [], doc: "" } : undefined;
}

const quantityNames = (theory: TheorySymbol): readonly string[] => [
  ...(theory.method?.quantities.map((q) => q.name) ?? []),
  ...(theory.method?.predictsObservables === true ? [...theory.model!.observables.values()].filter((o) => o.axes === 0).map((o) => o.name) : []),
  ...(theory.declared?.quantities ?? []),
];

/** Names of what may be given by name: parameters of the model, of the method, and of the quantity. */
const parameterNames = (theory: TheorySymbol, quantity: TheoryQuantity): ReadonlySet<string> => new Set([
  ...(theory.model?.parameters.keys() ?? []),
  ...(theory.declared?.parameters ?? []),
  ...(theory.method?.parameters.map((p) => p.name) ?? []),
  ...(quantity.named ?? []),
]);

function unknownParameter(context: Context, theory: TheorySymbol, quantity: TheoryQuantity, argument: Argument): Typed {
  const known = [...(quantity.form === "call" ? quantity.arguments.map((a) => a.name) : []), ...parameterNames(theory, quantity)];
  context.report.error("Q605", `\`${theory.name}.${quantity.name}\` has no parameter \`${argument.name!.name}\``, argument.name!.span, suggest(argument.name!.name, known, "its parameters are"));
  return unknown;
}

/** `theory NAME of MODEL = METHOD(…)`: the method and its arguments. */
import { elsewhere } from "../elsewhere.ts";
import type { DerivedTheoryItem, Expression } from "../../../grammar/ast.ts";
import type { TheoryPlan } from "../../theory/plan.ts";
import { theories } from "../../library/theories/index.ts";
import type { TheoryRecord } from "../../library/theories/index.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import type { TheorySymbol } from "./names.ts";
import type { Context, Scope } from "./scope.ts";
import { suggest } from "./suggest.ts";
import { unknown } from "./typed.ts";

export function checkDerivedTheory(context: Context, theory: TheorySymbol, item: DerivedTheoryItem): TheoryPlan | undefined {
  const { report, names } = context;
  const model = names.models.get(item.model.name);
  theory.model = model?.view;
  if (model === undefined && !names.open(item.model.name)) report.error("Q600", `there is no model \`${item.model.name}\``, item.model.span, suggest(item.model.name, [...names.models.keys()], "this file has"));

  const { method } = item;
  const known = [...Object.keys(theories), ...names.extensions.theories.keys()];
  if (method.kind !== "call") {
    const name = method.kind === "name" ? method.name : undefined;
    report.error("Q601", "a method is expected", method.span, name && theories[name] ? `write \`${formOf(theories[name])}\`` : suggest("", known, "methods are"));
    return undefined;
  }
  const key = names.extensions.theories.get(method.callee.name) ?? method.callee.name;
  const record = theories[key];
  if (record === undefined) {
    if (!names.open(method.callee.name)) report.error("Q601", `there is no method \`${method.callee.name}\``, method.callee.span, suggest(method.callee.name, known, "methods are"));
    return undefined;
  }
  theory.method = record;
  const arguments_ = checkArguments(context, record, method.arguments, method.span);
  if (arguments_ === undefined || model === undefined) return undefined;
  return { name: theory.name, model: model.name, method: record.name, arguments: arguments_, span: item.span };
}

/** `replica(rs | rsb1, T = …, m = …)` */
const formOf = (r: TheoryRecord): string => `${r.name}(${[...r.words.map((w) => w.choices.join(" | ")), ...r.parameters.map((p) => `${p.name} = …`)].join(", ")})`;

function checkArguments(context: Context, record: TheoryRecord, arguments_: Extract<DerivedTheoryItem["method"], { kind: "call" }>["arguments"], span: DerivedTheoryItem["span"]): TheoryPlan["arguments"] | undefined {
  const { report } = context;
  const words: string[] = [];
  const named: Record<string, number | string> = {};
  let sound = true;
  const fail = (code: string, message: string, at: DerivedTheoryItem["span"], help?: string): void => {
    sound = false;
    report.error(code, message, at, help);
  };
  for (const argument of arguments_) {
    const { value } = argument;
    if (argument.name === undefined) {
      const word = record.words[words.length];
      if (word === undefined) fail("Q602", `\`${record.name}\` takes ${record.words.length === 0 ? "no words" : `only ${record.words.length === 1 ? "one word" : `${record.words.length} words`}`}`, value.span, `it is written \`${formOf(record)}\``);
      else if (value.kind !== "name" || !word.choices.includes(value.name)) fail("Q602", `the ${word.name} of \`${record.name}\` is ${word.choices.map((c) => `\`${c}\``).join(" or ")}`, value.span, value.kind === "name" ? suggest(value.name, word.choices, "write one of") : `it is written \`${formOf(record)}\``);
      if (word !== undefined) words.push(value.kind === "name" ? value.name : "");
      continue;
    }
    const { name, span: at } = argument.name;
    const parameter = record.parameters.find((p) => p.name === name);
    if (parameter === undefined) fail("Q602", `\`${record.name}\` has no argument \`${name}\``, at, elsewhere("argument", name) ?? suggest(name, record.parameters.map((p) => p.name), "its arguments are") ?? `it is written \`${formOf(record)}\``);
    else if (Object.hasOwn(named, name)) fail("Q403", `\`${name}\` is given twice`, at);
    else if (value.kind === "name" && parameter.choices?.includes(value.name)) named[name] = value.name;
    else {
      const number = constantOf(context, value, `\`${name}\` of \`${record.name}\` is a number${parameter.choices ? ` or ${parameter.choices.map((c) => `\`${c}\``).join(", ")}` : ""}`);
      if (number === undefined) sound = false;
      else named[name] = number;
    }
  }
  const missing = record.words[words.length];
  if (missing !== undefined && sound) fail("Q602", `\`${record.name}\` needs its ${missing.name}: ${missing.choices.map((c) => `\`${c}\``).join(" or ")}`, span, `it is written \`${formOf(record)}\``);
  return sound ? { words, named } : undefined;
}

function constantOf(context: Context, e: Expression, what: string): number | undefined {
  const scope: Scope = {
    place: "theory",
    resolve: (name) => {
      context.report.error("Q602", what, name.span);
      return unknown;
    },
    bound: new Map(), runs: [], home: undefined, estimators: 0, under: [], copies: 1, expanding: [],
  };
  const typed = context.check(e, scope);
  return typed.type === "unknown" ? undefined : evaluateConstant(typed.expression);
}

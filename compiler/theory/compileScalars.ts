/** Scalar expressions over continuous variables as one JavaScript function: shared parts once, each as far out as its variables allow. */
import { extensionFunctions } from "../../runtime/extensions/extension.ts";
import { integrateGauss, integrateRange } from "../../runtime/results/integrate.ts";
import type { Accuracy } from "../../runtime/results/integrate.ts";
import * as special from "../../runtime/special/index.ts";
import { children, constant, read, rewrite, visit } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { simplify } from "../3-passes/simplify.ts";
import { extensionsIn } from "../library/ops/extension.ts";
import { build, ops } from "../library/ops/index.ts";
import type { Averages, IntegralGroup } from "./averages.ts";

/**
 * Values of the outputs for values of the inputs, in the orders given to `compileScalars`; integrals to a relative `tolerance`, by default
 * 1e-12, and 1e-10 where integrals stand inside others. `accuracy` keeps the largest relative error that an integral was left with.
 */
export type ScalarFunction = (inputs: ArrayLike<number>, tolerance?: number, accuracy?: Accuracy) => Float64Array;

interface Level { readonly group: IntegralGroup | undefined; readonly depth: number; readonly statements: string[]; readonly names: Map<Expression, string>; readonly integrals: Map<IntegralGroup, string> }

export function compileScalars(averages: Averages, inputs: readonly string[], outputs: readonly Expression[]): ScalarFunction {
  let serial = 0, deepest = 0;
  const needed = neededComponents(averages, outputs);
  const freeVariables = new Map<Expression, ReadonlySet<string>>();
  const variables = (e: Expression): ReadonlySet<string> => {
    const known = freeVariables.get(e);
    if (known) return known;
    const found = new Set<string>();
    if (e.kind === "read") {
      const integral = averages.find(e.array);
      if (!integral) found.add(e.array);
      else for (const c of needed.get(integral.group)!) for (const v of variables(integral.group.components[c]!)) if (v !== integral.group.variable) found.add(v);
    }
    for (const child of children(e)) for (const v of variables(child)) found.add(v);
    freeVariables.set(e, found);
    return found;
  };
  const level = (group: IntegralGroup | undefined, depth: number): Level => ({ group, depth, statements: [], names: new Map(), integrals: new Map() });

  /** The text that stands for `e` inside `stack`, with the statements that make it. */
  const emit = (e: Expression, stack: readonly Level[]): string => {
    if (e.kind === "constant") return numberText(e.value);
    const own = variables(e);
    let home = 0;
    stack.forEach((l, k) => { if (l.group && own.has(l.group.variable)) home = k; });
    const here = stack[home]!;
    const known = here.names.get(e);
    if (known !== undefined) return known;
    const inner = stack.slice(0, home + 1);
    let text: string;
    if (e.kind === "read") {
      const integral = averages.find(e.array);
      if (integral) text = `${integralName(integral.group, inner)}[${needed.get(integral.group)!.indexOf(integral.index)}]`;
      else {
        const k = inputs.indexOf(e.array);
        if (here.group?.variable === e.array) text = "z" + here.depth;
        else if (k >= 0) text = `inputs[${k}]`;
        else throw new Error(`internal: the theory has no scalar ${e.array}`);
      }
    } else if (e.kind === "apply") text = ops[e.operator].typescript.print(...e.arguments.map((a) => emit(a, inner)));
    else throw new Error(`internal: a ${e.kind} in a theory`);
    const name = `t${serial++}`;
    here.statements.push(`const ${name} = ${text};`);
    here.names.set(e, name);
    return name;
  };
  const integralName = (group: IntegralGroup, stack: readonly Level[]): string => {
    const here = stack.at(-1)!;
    const known = here.integrals.get(group);
    if (known !== undefined) return known;
    const inside = level(group, stack.length);
    deepest = Math.max(deepest, stack.length);
    const wanted = needed.get(group)!;
    const results = wanted.map((c) => emit(group.components[c]!, [...stack, inside]));
    const places = kinks(averages, group, wanted).map((place) => emit(place, stack));
    // What stands inside another integral must not look rough to it.
    const tolerance = stack.length === 1 ? "tolerance" : "0.1 * tolerance";
    const name = `t${serial++}`;
    const body = `(z${inside.depth}, out${inside.depth}) => {\n${[...inside.statements, ...results.map((r, k) => `out${inside.depth}[${k}] = ${r};`)].join("\n")}\n}`;
    // Inside another integral an error counts as far as that one's weight: it shows there.
    const accuracy = stack.length === 1 ? "accuracy" : "undefined";
    const call = group.measure.kind === "gauss" ? `integrateGauss(${body}, ${wanted.length}, ${tolerance}, ${accuracy}, [${places.join(", ")}])`
      : `integrateRange(${body}, ${numberText(group.measure.from)}, ${numberText(group.measure.to)}, ${wanted.length}, ${tolerance}, ${accuracy}, [${places.join(", ")}])`;
    here.statements.push(`const ${name} = ${call};`);
    here.integrals.set(group, name);
    return name;
  };

  const top = level(undefined, 0);
  const results = outputs.map((o) => emit(o, [top]));
  const code = `return (inputs, tolerance = ${deepest > 1 ? "1e-10" : "1e-12"}, accuracy) => {\n${top.statements.join("\n")}\nreturn Float64Array.of(${results.join(", ")});\n};`;
  const make = new Function("special", "integrateGauss", "integrateRange", "extensionFunctions", [...extensionsIn(code), code].join("\n")) as (s: typeof special, g: typeof integrateGauss, r: typeof integrateRange, e: typeof extensionFunctions) => ScalarFunction;
  return make(special, integrateGauss, integrateRange, extensionFunctions);
}

const rough: ReadonlySet<string> = new Set(["sign", "abs", "relu", "max2", "min2", "lt", "le", "gt", "ge", "eq", "ne"]);

/** Where the integrands of a group jump or have a kink, as far as that is a linear equation for its variable. */
function kinks(averages: Averages, group: IntegralGroup, wanted: readonly number[]): readonly Expression[] {
  const found = new Set<Expression>();
  for (const c of wanted) visit(group.components[c]!, (node) => {
    if (node.kind !== "apply" || !rough.has(node.operator)) return;
    const argument = node.arguments.length === 1 ? node.arguments[0]! : build.sub(node.arguments[0]!, node.arguments[1]!);
    if (!averages.reads(argument).has(group.variable) || averages.obstacle(argument, group.variable) !== undefined) return;
    const slope = averages.derivative(simplify(argument), group.variable);
    if (averages.reads(slope).has(group.variable) || averages.integralsIn(argument).some(({ body }) => averages.reads(body).has(group.variable))) return;
    const start = rewrite(argument, (e) => (e === read(group.variable) ? constant(0) : e));
    found.add(simplify(build.neg(build.div(start, slope))));
  });
  return [...found];
}

const numberText = (x: number): string => (x < 0 || Object.is(x, -0) ? `(${Object.is(x, -0) ? "-0" : String(x)})` : String(x));

/** The integrands of each group that the outputs read, directly or inside others. */
function neededComponents(averages: Averages, outputs: readonly Expression[]): ReadonlyMap<IntegralGroup, readonly number[]> {
  const needed = new Map<IntegralGroup, number[]>();
  const go = (e: Expression): void => {
    for (const { group, index, body } of averages.integralsIn(e)) {
      const list = needed.get(group) ?? [];
      needed.set(group, list);
      if (list.includes(index)) continue;
      list.push(index);
      go(body);
    }
  };
  outputs.forEach(go);
  return needed;
}

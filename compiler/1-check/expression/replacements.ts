/** `w@2` and `L with …`: names and shapes are checked; this version runs neither. */
import type { ReplicaExpression, Replacement, WithExpression } from "../../../grammar/ast.ts";
import { nearest } from "../../../grammar/nearest.ts";
import { isSourceName } from "../../library/sources/index.ts";
import { checkSource } from "../sources.ts";
import { unknownNode } from "../build.ts";
import type { ArraySymbol } from "../symbols.ts";
import type { CheckedExpression } from "../tree.ts";
import type { ExpressionChecker } from "./checker.ts";
import { sameShape } from "./libraryCalls.ts";

/** `w@1` is `w`. Other copies have its type. */
export function checkReplica(c: ExpressionChecker, e: ReplicaExpression): CheckedExpression {
  const object = c.check(e.object);
  if (object.type.kind === "unknown") return object;
  if (object.status !== "thermal") {
    c.report.error("Q261", "only what depends on the states has replicas: the disorder is the same in all of them", e.span);
    return unknownNode(e.span);
  }
  if (e.replica.name === "1") return object;
  c.names.unsupported(e.span, "a replica");
  return { kind: "opaque", type: object.type, status: "thermal", span: e.span };
}

export function checkWith(c: ExpressionChecker, e: WithExpression): CheckedExpression {
  const object = c.check(e.object);
  for (const r of e.replacements) {
    if (r.kind === "assign") checkAssignment(c, r);
    else checkFresh(c, r);
  }
  c.names.unsupported({ start: e.object.span.end, end: e.span.end }, "`with`");
  return object.type.kind === "unknown" ? object : { kind: "opaque", type: object.type, status: object.status, span: e.span };
}

/** `(x, y) = source(…)`, `w = flip(w, 0.05)`, `w = v`. */
function checkAssignment(c: ExpressionChecker, r: Replacement & { kind: "assign" }): void {
  const targets = r.targets.map((t) => replaceable(c, t.name, t.span));
  if (r.value.kind === "call" && r.value.callee.name === "flip") {
    const [array, probability] = r.value.arguments;
    if (!array || !probability || r.value.arguments.length !== 2) c.report.error("Q231", `\`flip\` takes an array and a probability`, r.value.span);
    else {
      expectShape(c, targets[0], c.check(array.value));
      c.number(probability.value);
    }
    return;
  }
  if (r.value.kind === "call" && (targets.length > 1 || isSourceName(r.value.callee.name))) {
    checkSource(c, r.value);
    return;
  }
  const value = c.check(r.value);
  if (targets.length > 1) c.report.error("Q246", "several arrays are replaced at once only by a data source", r.value.span);
  else expectShape(c, targets[0], value);
}

function expectShape(c: ExpressionChecker, target: ArraySymbol | undefined, value: CheckedExpression): void {
  if (!target?.sound || value.type.kind === "unknown") return;
  const axes = value.type.kind === "array" ? value.type.axes : [];
  if (!sameShape(target.axes, axes)) c.report.error("Q223", `\`${target.name}\` is replaced by something of another shape`, value.span);
}

/** `fresh(x, P = 5000)`: the ensembles that are drawn again, and the sizes that change. */
function checkFresh(c: ExpressionChecker, r: Replacement & { kind: "fresh" }): void {
  for (const a of r.arguments) {
    if (a.name) {
      const size = c.names.lookup(a.name.name);
      if (!size) {
        const near = nearest(a.name.name, c.names.names());
        c.report.error("Q200", `unknown name \`${a.name.name}\``, a.name.span, near ? `did you mean \`${near}\`?` : undefined);
      }
      c.number(a.value);
    } else if (a.value.kind === "name") {
      const symbol = replaceable(c, a.value.name, a.value.span);
      if (symbol && symbol.role !== "ensemble") c.report.error("Q260", `\`fresh\` draws ensembles again, and \`${symbol.name}\` is none`, a.value.span);
    } else {
      c.report.error("Q260", "`fresh` takes names of ensembles", a.span);
    }
  }
}

/** Ensembles, data and states can be replaced; what is derived follows from them. */
function replaceable(c: ExpressionChecker, name: string, span: ReplicaExpression["span"]): ArraySymbol | undefined {
  const symbol = c.names.lookup(name);
  if (!symbol) {
    if (c.names.excused(name, "name")) return undefined;
    const near = nearest(name, c.names.names());
    c.report.error("Q200", `unknown name \`${name}\``, span, near ? `did you mean \`${near}\`?` : undefined);
    return undefined;
  }
  if (symbol.kind !== "array" || !["ensemble", "data", "state"].includes(symbol.role)) {
    c.report.error("Q260", `\`with\` replaces ensembles, data and states, and \`${name}\` is ${symbol.kind === "array" ? "derived" : `a ${symbol.kind}`}`, span);
    return undefined;
  }
  c.names.resolve(symbol, span);
  return symbol;
}

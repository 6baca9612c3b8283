/**
 * What every kernel promises: names are defined before use and once in their scope, integers are integers and reals are reals,
 * only mutable names change, only outputs and temporaries are written, operators get the right number of arguments,
 * and loops marked vectorisable contain nothing but straight scalar code.
 */
import { ops } from "../library/ops/index.ts";
import { visitAtoms } from "./integer.ts";
import type { Integer } from "./integer.ts";
import type { Kernel, KernelStatement, Scalar } from "./kernel.ts";
import { scalarsOf, visitScalar } from "./kernel.ts";

type Kind = "integer" | "cursor" | "real" | "accumulator";

/** The promises that `kernel` breaks, as sentences; none if all is well. */
export function verifyKernel(kernel: Kernel): readonly string[] {
  const problems: string[] = [];
  const arrays = new Map(kernel.arrays.map((a) => [a.name, a]));
  const complain = (text: string): void => void problems.push(`${kernel.name}: ${text}`);

  function integer(x: Integer, scope: ReadonlyMap<string, Kind>): void {
    visitAtoms(x, (atom) => {
      if (atom.kind === "scalar") scalar(atom.value, scope);
      if (atom.kind !== "variable") return;
      const kind = scope.get(atom.name);
      if (kind !== "integer" && kind !== "cursor") complain(`${atom.name} is ${kind ?? "not defined"} where an integer stands`);
    });
    for (const t of x.terms) if (!Number.isInteger(t.coefficient)) complain(`coefficient ${t.coefficient} of an integer`);
  }
  function scalar(root: Scalar, scope: ReadonlyMap<string, Kind>): void {
    visitScalar(root, (s) => {
      if (s.kind === "real" && scope.get(s.name) !== "real" && scope.get(s.name) !== "accumulator") complain(`${s.name} is ${scope.get(s.name) ?? "not defined"} where a real stands`);
      if (s.kind === "integer") integer(s.value, scope);
      if (s.kind === "load") {
        if (!arrays.has(s.array)) complain(`array ${s.array} is not a parameter`);
        integer(s.offset, scope);
      }
      if (s.kind === "apply" && ops[s.operator].arity !== s.arguments.length) complain(`${s.operator} takes ${ops[s.operator].arity} arguments, not ${s.arguments.length}`);
    });
  }
  function block(body: readonly KernelStatement[], outer: ReadonlyMap<string, Kind>): void {
    const scope = new Map(outer);
    const define = (name: string, kind: Kind): void => {
      if (scope.has(name)) complain(`${name} is defined twice`);
      scope.set(name, kind);
    };
    const writable = (name: string): void => {
      const array = arrays.get(name);
      if (!array) complain(`array ${name} is not a parameter`);
      else if (array.role === "input") complain(`input ${name} is written`);
    };
    for (const s of body) {
      for (const root of scalarsOf(s)) scalar(root, scope);
      switch (s.kind) {
        case "for":
          integer(s.from, scope);
          integer(s.to, scope);
          if (scope.has(s.variable)) complain(`${s.variable} is defined twice`);
          if (s.vectorisable) for (const inner of s.body) {
            if (inner.kind !== "let" && inner.kind !== "update" && inner.kind !== "store") complain(`${inner.kind} in the vectorisable loop over ${s.variable}`);
          }
          block(s.body, new Map([...scope, [s.variable, "integer"]]));
          break;
        case "if": block(s.body, scope); break;
        case "integer": integer(s.value, scope); define(s.name, s.mutable ? "cursor" : "integer"); break;
        case "advance": integer(s.by, scope); if (scope.get(s.name) !== "cursor") complain(`${s.name} is no cursor`); break;
        case "let": define(s.name, s.mutable ? "accumulator" : "real"); break;
        case "update": if (scope.get(s.name) !== "accumulator") complain(`${s.name} is no accumulator`); break;
        case "store": integer(s.offset, scope); writable(s.array); break;
        case "fill": integer(s.length, scope); writable(s.array); break;
        case "call":
          for (const { array, shape } of s.arguments) {
            if (!arrays.has(array)) complain(`array ${array} is not a parameter`);
            for (const length of shape) integer(length, scope);
          }
          integer(s.blocks, scope);
          writable(s.target);
          break;
      }
    }
  }
  block(kernel.body, new Map<string, Kind>([...kernel.sizes.map((s) => [s, "integer"] as const), ...kernel.reals.map((r) => [r, "real"] as const)]));
  return problems;
}

/** @throws an internal error if the kernel breaks a promise */
export function assertKernel(kernel: Kernel): void {
  const problems = verifyKernel(kernel);
  if (problems.length > 0) throw new Error(`internal: ${problems.join("; ")}`);
}

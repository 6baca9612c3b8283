/**
 * What every stage promises about a program and about procedures; checked between stages, so that a broken pass is found where
 * it broke something. Problems are sentences for whoever works on the compiler; users never see one.
 */
import { ops } from "../library/ops/index.ts";
import type { Expression, Index, Range } from "./expression.ts";
import type { Procedure } from "./procedure.ts";
import type { ArrayDeclaration, Program, Status } from "./program.ts";
import { text } from "./text.ts";

const order: Readonly<Record<Status, number>> = { parameter: 0, quenched: 1, thermal: 2 };

interface Known { readonly slots: number; readonly status: Status }
interface Scope {
  readonly place: string;
  readonly arrays: ReadonlyMap<string, Known>;
  /** Undefined where any parameter may be read (procedures don't list them). */
  readonly parameters: ReadonlySet<string> | undefined;
  readonly problems: string[];
  /** Whether a reduction may stand here. */
  readonly reductions: boolean;
}

/** Checks one expression under bound indices and gives its status. */
function check(e: Expression, bound: ReadonlySet<Index>, scope: Scope): Status {
  const problem = (message: string): void => void scope.problems.push(`${scope.place}: ${message}`);
  const largest = (statuses: readonly Status[]): Status => statuses.reduce((a, b) => (order[b] > order[a] ? b : a), "parameter");
  switch (e.kind) {
    case "constant": return "parameter";
    case "parameter":
      if (scope.parameters && !scope.parameters.has(e.name)) problem(`reads ${e.name}, which is not a parameter`);
      return "parameter";
    case "index":
      if (!bound.has(e.index)) problem(`uses index ${e.index.name} outside its binder`);
      return "parameter";
    case "read": {
      const array = scope.arrays.get(e.array);
      if (!array) problem(`reads ${e.array}, which is not declared before it`);
      else if (array.slots !== e.subscripts.length) problem(`reads ${e.array} with ${e.subscripts.length} subscripts; it has ${array.slots} slots`);
      return largest([array?.status ?? "parameter", ...e.subscripts.map((s) => check(s, bound, scope))]);
    }
    case "apply": {
      const { arity } = ops[e.operator];
      if (arity !== e.arguments.length) problem(`${e.operator} has ${e.arguments.length} arguments; it takes ${arity}`);
      return largest(e.arguments.map((a) => check(a, bound, scope)));
    }
    case "reduce": {
      if (!scope.reductions) problem(`a value holds a reduction: ${text(e)}`);
      const inner = bind(e.indices, bound, scope);
      return largest([check(e.where, inner, scope), check(e.body, inner, scope)]);
    }
  }
}

function bind(indices: readonly Index[], bound: ReadonlySet<Index>, scope: Scope): ReadonlySet<Index> {
  const inner = new Set(bound);
  for (const index of indices) {
    if (inner.has(index)) scope.problems.push(`${scope.place}: index ${index.name} is bound twice`);
    checkRange(index.range, `the range of ${index.name}`, scope);
    inner.add(index);
  }
  return inner;
}

function checkRange(range: Range, what: string, scope: Scope): void {
  for (const end of [range.lower, range.upper]) {
    if (check(end, new Set(), scope) !== "parameter") scope.problems.push(`${scope.place}: ${what} depends on more than parameters`);
  }
}

/** All problems of a program; empty if it keeps its promises. */
export function verifyProgram(program: Program): readonly string[] {
  const problems: string[] = [];
  const parameters = new Set(program.parameters.map((p) => p.name));
  const arrays = new Map<string, Known>();
  const scopeOf = (place: string): Scope => ({ place, arrays, parameters, problems, reductions: true });
  for (const array of program.arrays) {
    if (arrays.has(array.name)) problems.push(`${array.name} is declared twice`);
    verifyArray(array, scopeOf(array.name));
    arrays.set(array.name, { slots: array.slots.length, status: array.status });
  }
  const energy = program.arrays.find((a) => a.name === program.energy);
  if (!energy) problems.push(`the energy ${program.energy} is not declared`);
  else if (energy.slots.length > 0) problems.push(`the energy ${program.energy} is not a scalar`);
  for (const name of program.observables) if (!arrays.has(name)) problems.push(`the observable ${name} is not declared`);
  const first = program.arrays.find((a) => a.name === program.observables[0]);
  if (first?.origin.kind !== "definition" || first.origin.role !== "energy") problems.push("the first observable is not the energy");
  const given = (program.data ?? []).flatMap((d) => d.arrays.map((a) => a.array));
  for (const array of program.arrays) if ((array.origin.kind === "data") !== given.includes(array.name)) problems.push(`${array.name} and the data sources disagree about where it comes from`);
  program.constraints.forEach((constraint, k) => {
    const scope = scopeOf(`constraint ${k + 1}`);
    const bound = bind(constraint.indices, new Set(), scope);
    const left = check(constraint.left, bound, scope);
    const right = check(constraint.right, bound, scope);
    if (left !== "thermal" && right !== "thermal") problems.push(`${scope.place}: doesn't depend on the state`);
  });
  return problems;
}

function verifyArray(array: ArrayDeclaration, scope: Scope): void {
  array.slots.forEach((slot, k) => {
    checkRange(slot.range, `the range of slot ${k + 1}`, scope);
    if (k === 0 && slot.order !== undefined) scope.problems.push(`${scope.place}: the first slot has nothing before it to be ordered against`);
  });
  const wrong = (found: Status): void => void scope.problems.push(`${scope.place}: is declared ${array.status} and is ${found}`);
  const { origin } = array;
  switch (origin.kind) {
    case "ensemble":
      if (array.status !== "quenched") wrong("quenched");
      for (const a of origin.arguments) if (check(a, new Set(), scope) === "thermal") scope.problems.push(`${scope.place}: a quenched array depends on a state`);
      return;
    case "gathered": return;
    case "given":
      if (array.status !== "quenched") wrong("quenched");
      return;
    case "copy":
      if (array.status !== "thermal") wrong("thermal");
      return;
    case "data":
      if (array.status !== "quenched") wrong("quenched");
      return;
    case "state": {
      if (array.status !== "thermal") wrong("thermal");
      // How a copy starts is said by a run, after all declarations.
      const initial = origin.copy ? undefined : origin.initial;
      for (const a of origin.domain.arguments) check(a, new Set(), scope);
      if (initial?.kind === "draw") for (const a of initial.arguments) check(a, new Set(), scope);
      if (initial?.kind === "value") check(initial.body, bind(initial.indices, new Set(), scope), scope);
      return;
    }
    case "definition": {
      if (origin.indices.length !== array.slots.length) scope.problems.push(`${scope.place}: has ${array.slots.length} slots and ${origin.indices.length} indices`);
      const status = check(origin.body, bind(origin.indices, new Set(), scope), scope);
      if (status !== array.status) wrong(status);
      return;
    }
    case "call":
      for (const name of [...origin.arguments, ...(origin.at ?? []).map((s) => s.array)]) {
        const argument = scope.arrays.get(name);
        if (!argument) scope.problems.push(`${scope.place}: reads ${name}, which is not declared before it`);
        else if (order[argument.status] > order[array.status]) wrong(argument.status);
      }
  }
}

/** All problems of a procedure; empty if it keeps its promises. */
export function verifyProcedure(procedure: Procedure): readonly string[] {
  const problems: string[] = [];
  const arrays = new Map<string, Known>();
  for (const a of procedure.arrays) {
    if (arrays.has(a.name)) problems.push(`${procedure.name}: ${a.name} is listed twice`);
    arrays.set(a.name, { slots: a.slots.length, status: a.status });
  }
  const roles = new Map(procedure.arrays.map((a) => [a.name, a.role]));
  procedure.statements.forEach((s, k) => {
    const scope: Scope = { place: `${procedure.name}, statement ${k + 1}`, arrays, parameters: undefined, problems, reductions: false };
    const bound = bind(s.indices, new Set(), scope);
    for (const e of [...s.conditions, ...s.subscripts, s.value]) check(e, bound, scope);
    const target = arrays.get(s.target);
    if (!target) problems.push(`${scope.place}: writes ${s.target}, which is not listed`);
    else {
      if (roles.get(s.target) === "input") problems.push(`${scope.place}: writes the input ${s.target}`);
      if (target.slots !== s.subscripts.length) problems.push(`${scope.place}: writes ${s.target} with ${s.subscripts.length} subscripts; it has ${target.slots} slots`);
    }
  });
  return problems;
}

/** Throws an internal error that names the stage, if it left anything broken. */
export function assertVerified(stage: string, subject: Program | readonly Procedure[]): void {
  const problems = "arrays" in subject && "energy" in subject ? verifyProgram(subject) : (subject as readonly Procedure[]).flatMap(verifyProcedure);
  if (problems.length > 0) throw new Error(`internal: after ${stage}:\n  ${problems.join("\n  ")}`);
}

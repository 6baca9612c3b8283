/**
 * What is computed once after the disorder is drawn: quenched (and parameter) `let` arrays that something reads, quenched parts
 * hoisted out of thermal expressions, packed couplings. Each is one procedure with one output; they stand in dependency order.
 */
import { constant, indexValue, type Expression, type Range } from "../ir/expression.ts";
import type { Procedure } from "../ir/procedure.ts";
import { findArray, type ArrayDeclaration, type LibraryCall, type Origin, type Program, type Slot, type Status } from "../ir/program.ts";
import { build } from "../library/ops/index.ts";
import type { Incidence } from "./incidence.ts";
import { materialise } from "./materialise.ts";
import type { CallStep } from "./procedures.ts";
import { ProcedureBuilder } from "./procedureBuilder.ts";
import { orderConditions } from "./slotConditions.ts";
import { rangeText } from "./structureText.ts";

export interface PreparedArray { readonly status: Status; readonly slots: readonly Slot[]; readonly rowStarts?: true; readonly bits?: true }

/** A list with the range of its places. */
interface PreparedList extends Incidence { readonly range: Range }

const rangeLength = ({ lower, upper }: Range): Expression => (lower === constant(1) ? upper : build.add(build.sub(upper, lower), constant(1)));

export class Preparation {
  private readonly program: Program;
  private prepared: Map<string, PreparedArray>;
  private made: Map<string, Procedure>;
  private called: Map<string, CallStep>;
  private hoisted: Map<string, string>;
  private lists: Map<string, PreparedList>;
  /** Names of arrays inside finished procedures: a prepared array lives on between them and must not share one. */
  private reserved: Set<string>;
  /** What was decided and why, for `explain`: one sentence each; forks add to the same list. */
  private readonly sentences: string[];

  constructor(program: Program, from?: Preparation) {
    this.program = program;
    this.prepared = new Map(from?.prepared);
    this.made = new Map(from?.made);
    this.called = new Map(from?.called);
    this.hoisted = new Map(from?.hoisted);
    this.lists = new Map(from?.lists);
    this.reserved = new Set(from?.reserved);
    this.sentences = from?.sentences ?? [];
  }

  fork(): Preparation { return new Preparation(this.program, this); }
  adopt(fork: Preparation): void {
    this.prepared = fork.prepared;
    this.made = fork.made;
    this.called = fork.called;
    this.hoisted = fork.hoisted;
    this.lists = fork.lists;
    this.reserved = fork.reserved;
  }

  /** A prepared array, quenched definitions included once they are defined here. */
  find(name: string): PreparedArray | undefined { return this.prepared.get(name); }

  reserve(names: Iterable<string>): void { for (const name of names) this.reserved.add(name); }
  isReserved(name: string): boolean { return this.reserved.has(name); }

  note(sentence: string): void { if (sentence !== "" && !this.sentences.includes(sentence)) this.sentences.push(sentence); }
  get notes(): readonly string[] { return this.sentences; }

  /** In dependency order: a procedure reads only outputs of those before it. */
  get procedures(): readonly Procedure[] { return [...this.made.values()]; }

  /** Prepares a quenched definition of the program. */
  define(array: ArrayDeclaration, origin: Extract<Origin, { kind: "definition" }>): void {
    if (this.prepared.has(array.name)) return;
    const { indices, body } = origin;
    this.make(array.name, `${array.name} as defined, computed once after the draw.`, { status: array.status, slots: array.slots }, (builder) =>
      materialise(builder, { name: array.name, subscripts: indices.map(indexValue), indices, conditions: orderConditions(array.slots, indices) }, body));
  }

  /** Prepares what a library function makes of the disorder. */
  call(array: ArrayDeclaration, origin: LibraryCall): void {
    if (this.prepared.has(array.name)) return;
    this.prepareArguments(origin);
    this.prepared.set(array.name, { status: array.status, slots: array.slots });
    this.called.set(array.name, { array: array.name, ...origin });
  }

  /** The arguments of a call that only the disorder determines. */
  prepareArguments(origin: LibraryCall): void {
    for (const name of origin.arguments) {
      const argument = findArray(this.program, name);
      if (argument.status === "thermal") continue;
      if (argument.origin.kind === "definition") this.define(argument, argument.origin);
      else if (argument.origin.kind === "call") this.call(argument, argument.origin);
    }
  }

  get calls(): readonly CallStep[] { return [...this.called.values()]; }

  /** Prepares what `fill` accumulates into a new array, or finds the one that was made under the same key. Returns its name. */
  hoist(key: string, slots: readonly Slot[], base: string, freshName: (base: string) => string, fill: (builder: ProcedureBuilder, array: string) => void, doc?: string, kept: Pick<PreparedArray, "bits"> = {}): string {
    const known = this.hoisted.get(key);
    if (known !== undefined) return known;
    const name = freshName(base);
    this.hoisted.set(key, name);
    this.make(name, doc ?? "A part of the model that only the disorder determines, computed once after the draw.", { status: "quenched", slots, ...kept }, (builder) => fill(builder, name));
    return name;
  }

  /** Lists of the places of an array of integers; each is made once its array is known. */
  get incidences(): readonly Incidence[] { return [...this.lists.values()]; }

  /** Prepares the list of the places of each of `values` in an array that is declared or prepared, or finds it. */
  incidence(of: string, values: Range, freshName: (base: string) => string, base: string): PreparedList {
    const key = `${of} ${rangeText(values)}`;
    let list = this.lists.get(key);
    if (list) return list;
    const slots = this.prepared.get(of)?.slots ?? findArray(this.program, of).slots;
    const range: Range = { lower: constant(1), upper: slots.map((s) => rangeLength(s.range)).reduce((a, b) => build.mul(a, b)) };
    const add = (wanted: string, array: PreparedArray): string => {
      const name = freshName(wanted);
      this.prepared.set(name, array);
      return name;
    };
    const starts = add(`starts_${base}`, { status: "quenched", slots: [{ range: { lower: values.lower, upper: build.add(values.upper, constant(1)) }, periodic: false }], rowStarts: true });
    const places = slots.map((_, k) => add(`place${slots.length === 1 ? "" : k + 1}_${base}`, { status: "quenched", slots: [{ range, periodic: false }] }));
    list = { of, values, starts, places, range, ranges: slots.map((s) => s.range) };
    this.lists.set(key, list);
    return list;
  }

  private make(name: string, doc: string, array: PreparedArray, fill: (builder: ProcedureBuilder) => void): void {
    const builder = new ProcedureBuilder({ program: this.program, lowering: materialise, preparation: this, hoist: false });
    builder.declare({ name, role: "output", ...array });
    fill(builder);
    // After what it reads, which `fill` has prepared.
    this.prepared.set(name, array);
    this.made.set(name, builder.finish(`prepare_${name}`, doc));
  }
}

/** Random syntax trees of every kind of node, for the properties of printer and parser. Only trees that a text can say. */
import fc from "fast-check";
import type {
  Argument, Binder, Expression, Identifier, Item, ModelDeclaration, Parameter, PlotClause, Replacement, RunStep, Slice, Slotted, SourceFile, StateReference,
  StringLiteral, TheoryDeclaration,
} from "../../grammar/ast.ts";
import { factorReductions, linearReductions, reservedWords } from "../../grammar/words.ts";

const span = { start: 0, end: 0 };

// Contextual words, names of reductions and of functions among them: all are names.
const names = ["a", "w", "N", "alpha", "α", "x", "y", "x1", "σ_0", "over", "from", "log", "linear", "geometric", "periodic", "sum", "max", "argmin", "root", "pi", "inf", "e", "sweeps", "mu"];
const name = fc.constantFrom(...names);
const identifierOf = (word: string): Identifier => ({ kind: "identifier", name: word, span });
const identifier = name.map(identifierOf);
const anyWord = fc.constantFrom(...names, ...reservedWords).map(identifierOf);
const replica = fc.constantFrom("1", "2", "17", "ref", "from", "log").map(identifierOf);
const some = <T>(arbitrary: fc.Arbitrary<T>, maxLength = 3): fc.Arbitrary<T[]> => fc.array(arbitrary, { minLength: 1, maxLength });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const numberText = fc.constantFrom("0", "1", "3", "10", "0.5", "1e-3", "2.50", "1E6", "1.5e+2");
const stringLiteral: fc.Arbitrary<StringLiteral> = fc
  .oneof(fc.constantFrom("", "text", "claim # no comment", "α ≤ β", "a\\n", "train.csv"), fc.string({ unit: "grapheme", maxLength: 8 }))
  .map((value) => ({ kind: "string", value: value.replaceAll(/["\n\r]/g, ""), span }));

/** Leaves keys with an undefined value out, as the parser does. */
function compact<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
const node = <T>(shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<T> => fc.record(shape).map((record) => compact({ ...record, span }) as T);

interface Nodes {
  expression: Expression;
  argument: Argument;
  argumentList: Argument[];
  binder: Binder;
  replacement: Replacement;
  range: Expression;
}

const { expression, argumentList, binder, range } = fc.letrec<Nodes>((tie) => {
  const e = tie("expression") as fc.Arbitrary<Expression>;
  const leaf = fc.oneof(
    numberText.map((text): Expression => ({ kind: "number", value: Number(text), text, span })),
    stringLiteral,
    name.map((word): Expression => ({ kind: "name", name: word, span })),
  );
  const reductionName = fc.constantFrom(...linearReductions, ...factorReductions).map(identifierOf);
  const kind = <K extends string>(value: K): fc.Arbitrary<K> => fc.constant(value);
  return {
    expression: fc.oneof(
      { depthSize: "small", maxDepth: 5 },
      leaf,
      node<Expression>({ kind: kind("tuple"), entries: fc.array(e, { minLength: 2, maxLength: 3 }) }),
      node<Expression>({ kind: kind("list"), entries: fc.array(e, { maxLength: 3 }) }),
      node<Expression>({ kind: kind("unary"), operator: fc.constantFrom("-", "+", "not"), operand: e }),
      { arbitrary: node<Expression>({ kind: kind("binary"), operator: fc.constantFrom("+", "-", "*", "/", "^", "and", "or"), left: e, right: e }), weight: 4 },
      fc.integer({ min: 1, max: 3 }).chain((n) =>
        node<Expression>({
          kind: kind("compare"),
          operands: fc.array(e, { minLength: n + 1, maxLength: n + 1 }),
          operators: fc.array(fc.constantFrom("==", "!=", "<", "<=", ">", ">="), { minLength: n, maxLength: n }),
        }),
      ),
      node<Expression>({ kind: kind("conditional"), condition: e, then: e, otherwise: e }),
      { arbitrary: node<Expression>({ kind: kind("reduction"), name: reductionName, binders: some(tie("binder")), body: e }), weight: 3 },
      node<Expression>({ kind: kind("call"), callee: identifier, arguments: tie("argumentList") }),
      node<Expression>({ kind: kind("member"), object: e, name: anyWord, arguments: maybe(tie("argumentList")) }),
      node<Expression>({ kind: kind("subscript"), object: e, subscripts: some(fc.oneof({ arbitrary: e, weight: 3 }, fc.constant<Slice>({ kind: "slice", span }))) }),
      node<Expression>({ kind: kind("replica"), object: e, replica }),
      node<Expression>({ kind: kind("at"), object: e, arguments: tie("argumentList") }),
      node<Expression>({ kind: kind("with"), object: e, replacements: some(tie("replacement")) }),
    ),
    argument: node<Argument>({
      kind: kind("argument"),
      name: maybe(anyWord),
      value: fc.oneof(
        { arbitrary: e, weight: 4 },
        node<Expression>({ kind: kind("schedule"), from: e, to: e, shape: maybe(fc.constantFrom("geometric", "linear").map(identifierOf)) }),
      ),
    }),
    // Named arguments follow positional ones.
    argumentList: fc.array(tie("argument") as fc.Arbitrary<Argument>, { maxLength: 3 }).map((all) => [...all.filter((each) => each.name === undefined), ...all.filter((each) => each.name !== undefined)]),
    range: fc.oneof({ arbitrary: e, weight: 2 }, node<Expression>({ kind: kind("range"), from: e, to: e })),
    binder: fc.oneof(
      fc.integer({ min: 1, max: 3 }).chain((n) =>
        node<Binder>({
          kind: kind("chain"),
          names: fc.array(identifier, { minLength: n, maxLength: n }),
          relations: fc.array(fc.constantFrom("<", "<=", "!="), { minLength: n - 1, maxLength: n - 1 }),
          range: maybe(tie("range")),
          periodic: fc.boolean(),
        }),
      ),
      node<Binder>({ kind: kind("edge"), names: some(identifier), range: tie("range") }),
    ),
    replacement: fc.oneof(
      node<Replacement>({ kind: kind("assign"), targets: some(identifier), value: e }),
      node<Replacement>({ kind: kind("fresh"), arguments: tie("argumentList") }),
    ),
  };
});

const kind = <K extends string>(value: K): fc.Arbitrary<K> => fc.constant(value);
const any = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<never> => node(shape);

const slotted: fc.Arbitrary<Slotted> = any({ kind: kind("slotted"), name: identifier, slots: maybe(some(binder)) });
const parameters: fc.Arbitrary<Parameter[]> = fc.array(any({ kind: kind("parameter"), name: identifier, value: expression }), { maxLength: 3 });
const initial = fc.record({ kind: fc.constantFrom("draw", "value"), expression });

const letDeclaration = any({ kind: fc.constantFrom("let", "observable"), target: slotted, value: expression });
const modelDeclaration: fc.Arbitrary<ModelDeclaration> = fc.oneof(
  letDeclaration,
  any({ kind: kind("energy"), target: slotted, value: expression }),
  any({ kind: kind("ensemble"), targets: some(slotted), distribution: expression }),
  any({ kind: kind("data"), targets: some(slotted), tuple: fc.constant(true), source: expression }),
  any({ kind: kind("data"), targets: some(slotted, 1), tuple: fc.constant(false), source: expression }),
  any({ kind: kind("state"), targets: some(slotted), domain: any({ kind: kind("domain"), name: identifier, arguments: maybe(argumentList) }), initial: maybe(initial) }),
  any({ kind: kind("constraint"), statement: expression }),
);
const orderParameter = fc.record({ name: identifier, interval: maybe(fc.tuple(expression, expression)), start: maybe(expression) }).map(compact);
const theoryDeclaration: fc.Arbitrary<TheoryDeclaration> = fc.oneof(
  letDeclaration,
  any({ kind: kind("order"), parameters: some(orderParameter) }),
  any({ kind: kind("freeEnergy"), name: identifier, value: expression }),
  any({ kind: kind("saddle"), potential: identifier, over: some(identifier) }),
);

const sweepRange = fc.oneof(range, any({ kind: kind("range"), from: expression, to: expression, by: expression }));
const amount = fc.record({ value: expression, unit: maybe(identifier) }).map(compact);
const stateReference: fc.Arbitrary<StateReference> = any({ kind: kind("stateReference"), name: identifier, replica: maybe(replica) });
const runStep: fc.Arbitrary<RunStep> = fc.oneof(
  any({ kind: kind("sweep"), name: identifier, range: sweepRange }),
  any({ kind: fc.constantFrom("samples", "starts", "seed", "bias"), value: expression }),
  any({ kind: kind("evolve"), dynamics: expression, amount: maybe(amount), until: maybe(expression) }),
  any({ kind: kind("measure"), dynamics: expression, amount: maybe(amount), every: maybe(expression), until: maybe(expression) }),
  any({ kind: kind("record"), names: some(expression) }),
  any({ kind: kind("startFrom"), targets: fc.array(stateReference, { maxLength: 2 }), run: identifier, at: maybe(argumentList) }),
  any({ kind: kind("startValue"), targets: some(stateReference), initial }),
  any({ kind: kind("hold"), replica }),
  any({ kind: kind("transient") }),
);

const rangeVariable = any({ kind: kind("rangeVariable"), name: identifier, range });
const plotClause: fc.Arbitrary<PlotClause> = fc.oneof(
  any({ kind: kind("vs"), expression }),
  any({ kind: kind("by"), names: some(identifier) }),
  any({ kind: kind("for"), variables: some(rangeVariable) }),
  any({ kind: kind("withCurves"), expressions: some(expression) }),
  any({ kind: kind("log"), axis: fc.constantFrom("x", "y").map(identifierOf) }),
);

const claimStatement = fc.oneof(expression, any({ kind: kind("approximately"), left: expression, right: expression, tolerance: expression }));
const item: fc.Arbitrary<Item> = fc.oneof(
  any({ kind: fc.constantFrom("import", "use"), path: stringLiteral }),
  any({ kind: kind("fn"), name: identifier, parameters: fc.array(slotted, { maxLength: 3 }), body: expression }),
  any({ kind: kind("model"), name: identifier, parameters, declarations: fc.array(modelDeclaration, { maxLength: 5 }) }),
  any({ kind: kind("derivedTheory"), name: identifier, model: identifier, method: expression }),
  any({ kind: kind("theory"), name: identifier, parameters, declarations: fc.array(theoryDeclaration, { maxLength: 4 }) }),
  any({ kind: kind("run"), name: identifier, model: identifier, arguments: argumentList, steps: fc.array(runStep, { maxLength: 5 }) }),
  any({ kind: kind("plot"), expressions: some(expression), clauses: fc.array(plotClause, { maxLength: 3 }) }),
  any({ kind: kind("table"), run: identifier, columns: some(expression) }),
  any({ kind: kind("claim"), text: stringLiteral, statement: claimStatement }),
);

/** Any file. */
export const arbitraryFile: fc.Arbitrary<SourceFile> = fc.array(item, { maxLength: 4 }).map((items) => ({ kind: "file", items, comments: [], span }));

/** Any expression. */
export const arbitraryExpression: fc.Arbitrary<Expression> = expression;

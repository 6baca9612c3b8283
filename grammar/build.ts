/** Concrete tree → items, declarations and steps of the syntax tree: the only reader of Chevrotain's trees, with `buildExpression`. */
import type { CstNode } from "chevrotain";
import type {
  ClaimItem, DataDeclaration, DomainReference, EnsembleDeclaration, Expression, FunctionItem, Identifier, Item, ModelDeclaration, MoveStep, OrderDeclaration,
  Parameter, PlotClause, PlotItem, RangeVariable, RunStep, Slotted, StartFromStep, StartValueStep, StateDeclaration, StateReference, StringLiteral, TheoryDeclaration,
} from "./ast.ts";
import { ExpressionBuilder, identifier, identifiers } from "./buildExpression.ts";
import { has, node, nodes, placeOf, token, tokens } from "./cst.ts";
import { Level } from "./precedence.ts";
import { reservedName } from "./reservedName.ts";
import { cover } from "./span.ts";
import type { Span } from "./span.ts";
import { syntaxError } from "./syntaxError.ts";
import { spanOf } from "./token.ts";
import * as t from "./tokens.ts";
import { keyword } from "./tokens.ts";
import { isReserved } from "./words.ts";

type Head = { readonly name: Identifier; readonly parameters: readonly Parameter[] };
type Initial = { readonly kind: "draw" | "value"; readonly expression: Expression };

/** One declaration, step or item without a block. */
export type Statement = Item | ModelDeclaration | TheoryDeclaration | RunStep;

export class Builder extends ExpressionBuilder {
  /** What a rule of the grammar read; heads of blocks have their own methods. */
  statement(tree: CstNode): Statement {
    const span = placeOf(tree);
    switch (tree.name) {
      case "importItem": return { kind: "import", path: text(tree), span };
      case "useItem": return { kind: "use", path: text(tree), span };
      case "fnItem": return this.#fn(tree, span);
      case "plotItem": return this.#plot(tree, span);
      case "tableItem": return { kind: "table", run: identifier(token(tree, t.Name)), columns: this.expressions(node(tree, "expressions")), span };
      case "claimItem": return this.#claim(tree, span);
      case "valueDeclaration": return this.#value(tree, span);
      case "ensembleDeclaration": return this.#ensemble(tree, span);
      case "dataDeclaration": return this.#data(tree, span);
      case "stateDeclaration": return this.#state(tree, span);
      case "constraintDeclaration": return { kind: "constraint", statement: this.#only(tree), span };
      case "orderDeclaration": return this.#order(tree, span);
      case "freeEnergyDeclaration": return { kind: "freeEnergy", name: identifier(token(tree, t.Name)), value: this.#only(tree), span };
      case "saddleDeclaration": return { kind: "saddle", potential: identifier(token(tree, t.Name)), over: identifiers(node(tree, "names")), span };
      case "sweepStep": return { kind: "sweep", name: identifier(token(tree, t.Name)), range: this.#sweepRange(tree), span };
      case "settingStep": return this.#setting(tree, span);
      case "moveStep": return this.#move(tree, span);
      case "recordStep": return { kind: "record", names: this.expressions(node(tree, "expressions")), span };
      case "holdStep": return { kind: "hold", replica: this.replica(node(tree, "replica")), span };
      case "transientStep": return { kind: "transient", span };
      case "startStep": return this.#start(tree, span);
      default: throw new Error(`no such rule: ${tree.name}`);
    }
  }

  /** The head of a `model` or of a `theory` with a block. */
  head(tree: CstNode): Head {
    return { name: identifier(token(tree, t.Name)), parameters: nodes(tree, "parameters").flatMap((list) => nodes(list, "parameter").map((each) => this.#parameter(each))) };
  }

  /** `theory NAME of MODEL = METHOD`; undefined for a head with a block. */
  derivedTheory(tree: CstNode): Item | undefined {
    const [name, model] = tokens(tree, t.Name);
    return model === undefined ? undefined : { kind: "derivedTheory", name: identifier(name!), model: identifier(model), method: this.#only(tree), span: placeOf(tree) };
  }

  /** The head of a `run`. */
  runHead(tree: CstNode): { readonly name: Identifier; readonly model: Identifier; readonly arguments: ReturnType<ExpressionBuilder["arguments"]> } {
    const [name, model] = tokens(tree, t.Name);
    return { name: identifier(name!), model: identifier(model!), arguments: nodes(tree, "arguments").flatMap((list) => this.arguments(list)) };
  }

  #only(tree: CstNode): Expression {
    return this.expression(node(tree, "expression"));
  }

  #parameter(tree: CstNode): Parameter {
    const name = token(tree, t.Name);
    // Before a `=` in parentheses the lexer takes every word for a name, as in a call.
    if (isReserved(name.image)) this.report(reservedName(name));
    return { kind: "parameter", name: identifier(name), value: this.#only(tree), span: placeOf(tree) };
  }

  #slotted(tree: CstNode): Slotted {
    const [binders] = nodes(tree, "binders");
    return { kind: "slotted", name: identifier(token(tree, t.Name)), ...(binders ? { slots: this.binders(binders) } : {}), span: placeOf(tree) };
  }

  #slotteds(tree: CstNode): Slotted[] {
    return nodes(tree, "slotted").map((each) => this.#slotted(each));
  }

  #fn(tree: CstNode, span: Span): FunctionItem {
    return { kind: "fn", name: identifier(token(tree, t.Name)), parameters: this.#slotteds(tree), body: this.#only(tree), span };
  }

  #claim(tree: CstNode, span: Span): ClaimItem {
    const parts = nodes(tree, "expression");
    if (parts.length === 1) return { kind: "claim", text: text(tree), statement: this.#only(tree), span };
    const [left, right, tolerance] = parts.map((part) => this.expression(part, Level.applied));
    const statement = { kind: "approximately", left: left!, right: right!, tolerance: tolerance!, span: cover(left!.span, tolerance!.span) } as const;
    return { kind: "claim", text: text(tree), statement, span };
  }

  #plot(tree: CstNode, span: Span): PlotItem {
    return { kind: "plot", expressions: this.expressions(node(tree, "expressions")), clauses: nodes(tree, "plotClause").map((each) => this.#plotClause(each)), span };
  }

  #plotClause(tree: CstNode): PlotClause {
    const span = placeOf(tree);
    if (has(tree, keyword.vs)) return { kind: "vs", expression: this.#only(tree), span };
    if (has(tree, keyword.by)) return { kind: "by", names: identifiers(node(tree, "names")), span };
    if (has(tree, t.WithClause)) return { kind: "withCurves", expressions: this.expressions(node(tree, "expressions")), span };
    if (has(tree, t.LogClause)) return { kind: "log", axis: identifier(token(tree, t.Name)), span };
    const variables = nodes(tree, "rangeVariable").map((each): RangeVariable => ({
      kind: "rangeVariable", name: identifier(token(each, t.Name)), range: this.range(node(each, "range")), span: placeOf(each),
    }));
    return { kind: "for", variables, span };
  }

  #value(tree: CstNode, span: Span): Statement {
    const target = this.#slotted(node(tree, "slotted"));
    const kind = has(tree, keyword.let) ? "let" : has(tree, keyword.energy) ? "energy" : "observable";
    return { kind, target, value: this.#only(tree), span };
  }

  #ensemble(tree: CstNode, span: Span): EnsembleDeclaration {
    return { kind: "ensemble", targets: this.#slotteds(node(tree, "slotteds")), distribution: this.#only(tree), span };
  }

  #data(tree: CstNode, span: Span): DataDeclaration {
    const [list] = nodes(tree, "slotteds");
    return { kind: "data", targets: this.#slotteds(list ?? tree), tuple: list !== undefined, source: this.#only(tree), span };
  }

  #state(tree: CstNode, span: Span): StateDeclaration {
    const name = token(tree, t.Name);
    const [list] = nodes(tree, "arguments");
    const [initial] = nodes(tree, "initial");
    const domain: DomainReference = {
      kind: "domain", name: identifier(name), ...(list ? { arguments: this.arguments(list) } : {}), span: list ? cover(spanOf(name), placeOf(list)) : spanOf(name),
    };
    return { kind: "state", targets: this.#slotteds(node(tree, "slotteds")), domain, ...(initial ? { initial: this.#initial(initial) } : {}), span };
  }

  #initial(tree: CstNode): Initial {
    return { kind: has(tree, t.Tilde) ? "draw" : "value", expression: this.#only(tree) };
  }

  #order(tree: CstNode, span: Span): OrderDeclaration {
    const parameters = nodes(tree, "orderParameter").map((each) => {
      const [interval] = nodes(each, "interval");
      const [from, to] = interval ? this.expressions(interval) : [];
      const [start] = this.expressions(each);
      return { name: identifier(token(each, t.Name)), ...(from && to ? { interval: [from, to] as const } : {}), ...(start ? { start } : {}) };
    });
    return { kind: "order", parameters, span };
  }

  #sweepRange(tree: CstNode): Expression {
    const range = node(tree, "range");
    const [by] = nodes(tree, "expression");
    if (by && !has(range, t.DotDot)) {
      this.report(syntaxError("Q138", "`by` is the step of a range `a..b`", [[spanOf(token(tree, keyword.by)), "there is no range before it"]], { help: "write `a..b by c`" }));
    }
    return this.range(range, by);
  }

  #setting(tree: CstNode, span: Span): RunStep {
    const kind = (["samples", "starts", "seed", "bias"] as const).find((word) => has(tree, keyword[word]))!;
    return { kind, value: this.#only(tree), span };
  }

  #move(tree: CstNode, span: Span): MoveStep {
    const kind = has(tree, keyword.evolve) ? "evolve" : "measure";
    const clauses = nodes(tree, "moveClause");
    const find = (word: "for" | "every" | "until"): CstNode | undefined => {
      const [first, second] = clauses.filter((each) => has(each, keyword[word]));
      if (second) {
        this.report(syntaxError("Q138", `\`${word}\` stands twice in one step`, [[spanOf(token(second, keyword[word])), "again"], [spanOf(token(first!, keyword[word])), "first here"]], {
          help: word === "until" ? "join the conditions with `and` or `or`" : "keep one of them",
        }));
      }
      return first;
    };
    const [amount, every, until] = [find("for"), find("every"), find("until")];
    if (every && kind === "evolve") {
      this.report(syntaxError("Q138", "`every` belongs to `measure`", [[spanOf(token(every, keyword.every)), "`evolve` records nothing"]], { help: "leave it out, or write `measure`" }));
    }
    return {
      kind,
      dynamics: this.#only(tree),
      ...(amount ? { amount: this.#amount(amount) } : {}),
      ...(every ? { every: this.#only(every) } : {}),
      ...(until ? { until: this.#only(until) } : {}),
      span,
    };
  }

  #amount(tree: CstNode): NonNullable<MoveStep["amount"]> {
    const [unit] = tokens(tree, t.Name);
    const written = node(tree, "expression");
    const value = this.expression(written);
    const grouped = isGroup(written);
    if (unit && !grouped && !isProduct(value)) {
      this.report(syntaxError("Q134", "this amount needs parentheses", [[value.span, "not a product of numbers and names"], [spanOf(unit), "unit"]], {
        help: "a longer amount stands in parentheses: `for (2*N + 1) sweeps`",
      }));
    }
    return { value, ...(unit ? { unit: identifier(unit) } : {}) };
  }

  #start(tree: CstNode, span: Span): StartFromStep | StartValueStep {
    const targets = nodes(tree, "stateReference").map((each): StateReference => {
      const [replica] = nodes(each, "replica");
      return { kind: "stateReference", name: identifier(token(each, t.Name)), ...(replica ? { replica: this.replica(replica) } : {}), span: placeOf(each) };
    });
    const [initial] = nodes(tree, "initial");
    if (initial) return { kind: "startValue", targets, initial: this.#initial(initial), span };
    const from = node(tree, "startFrom");
    const [list] = nodes(from, "arguments");
    return { kind: "startFrom", targets, run: identifier(token(from, t.Name)), ...(list ? { at: this.arguments(list) } : {}), span };
  }
}

function text(tree: CstNode): StringLiteral {
  const at = token(tree, t.Text);
  return { kind: "string", value: at.image.slice(1, -1), span: spanOf(at) };
}

/** Whether an expression was written as one pair of parentheses. */
function isGroup(written: CstNode): boolean {
  const operand = node(written, "operand");
  const [place] = nodes(operand, "place");
  return nodes(written, "link").length === 0 && nodes(operand, "prefix").length === 0 && place !== undefined && nodes(place, "group").length > 0 && nodes(place, "postfix").length === 0;
}

/** A product of numbers and names, the amounts that need no parentheses. */
export function isProduct(value: Expression): boolean {
  if (value.kind === "binary") return ["*", "/", "^"].includes(value.operator) && isProduct(value.left) && isProduct(value.right);
  return value.kind === "number" || value.kind === "name";
}

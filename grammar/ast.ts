/**
 * The syntax tree of a `.quench` file: what was written, with spans, and nothing that was inferred.
 *
 * Every node carries `kind` (its discriminant) and `span`. Names that are declared or referred to are `Identifier`
 * nodes, so that a diagnostic can point at the name alone. Parentheses are not nodes: the printer puts them back where
 * precedence needs them. `parse(print(tree))` equals `tree` up to spans.
 */
import type { Span } from "./span.ts";

export interface Identifier {
  readonly kind: "identifier";
  readonly name: string;
  readonly span: Span;
}

/** A `# comment`. The printer puts it back before or behind the declaration, step or line end that it stood at. */
export interface Comment {
  readonly text: string;
  readonly span: Span;
  /** True when nothing but white space stands before it on its line. */
  readonly ownLine: boolean;
}

export interface SourceFile {
  readonly kind: "file";
  readonly items: readonly Item[];
  readonly comments: readonly Comment[];
  readonly span: Span;
}

// ───────────────────────────── top level

export type Item =
  | ImportItem | UseItem | FunctionItem | ModelItem | DerivedTheoryItem | TheoryItem | RunItem | PlotItem | TableItem | ClaimItem;

export interface ImportItem { readonly kind: "import"; readonly path: StringLiteral; readonly span: Span }
export interface UseItem { readonly kind: "use"; readonly path: StringLiteral; readonly span: Span }

/** `fn participation(v[i in n]) = …` */
export interface FunctionItem {
  readonly kind: "fn";
  readonly name: Identifier;
  readonly parameters: readonly Slotted[];
  readonly body: Expression;
  readonly span: Span;
}

/** A header parameter with its default: `N = 100`. */
export interface Parameter {
  readonly kind: "parameter";
  readonly name: Identifier;
  readonly value: Expression;
  readonly span: Span;
}

export interface ModelItem {
  readonly kind: "model";
  readonly name: Identifier;
  readonly parameters: readonly Parameter[];
  readonly declarations: readonly ModelDeclaration[];
  readonly span: Span;
}

/** `theory NAME of MODEL = METHOD` */
export interface DerivedTheoryItem {
  readonly kind: "derivedTheory";
  readonly name: Identifier;
  readonly model: Identifier;
  readonly method: Expression;
  readonly span: Span;
}

/** `theory NAME(…) { order … free_energy … saddle … }` */
export interface TheoryItem {
  readonly kind: "theory";
  readonly name: Identifier;
  readonly parameters: readonly Parameter[];
  readonly declarations: readonly TheoryDeclaration[];
  readonly span: Span;
}

export interface RunItem {
  readonly kind: "run";
  readonly name: Identifier;
  readonly model: Identifier;
  readonly arguments: readonly Argument[];
  readonly steps: readonly RunStep[];
  readonly span: Span;
}

export interface PlotItem {
  readonly kind: "plot";
  readonly expressions: readonly Expression[];
  /** In the order in which they were written. */
  readonly clauses: readonly PlotClause[];
  readonly span: Span;
}
export type PlotClause =
  | { readonly kind: "vs"; readonly expression: Expression; readonly span: Span }
  | { readonly kind: "by"; readonly names: readonly Identifier[]; readonly span: Span }
  | { readonly kind: "for"; readonly variables: readonly RangeVariable[]; readonly span: Span }
  | { readonly kind: "withCurves"; readonly expressions: readonly Expression[]; readonly span: Span }
  | { readonly kind: "log"; readonly axis: Identifier; readonly span: Span };

/** `u in -1.68..-1.63` or `o in [0.94, 1.0]` */
export interface RangeVariable {
  readonly kind: "rangeVariable";
  readonly name: Identifier;
  readonly range: Expression;
  readonly span: Span;
}

/** `table Cooling: T, mean(train)` */
export interface TableItem {
  readonly kind: "table";
  readonly run: Identifier;
  readonly columns: readonly Expression[];
  readonly span: Span;
}

/** `claim "text" : left ~= right +- tolerance` (approximate), or any truth value. */
export interface ClaimItem {
  readonly kind: "claim";
  readonly text: StringLiteral;
  readonly statement: Expression | Approximately;
  readonly span: Span;
}
export interface Approximately {
  readonly kind: "approximately";
  readonly left: Expression;
  readonly right: Expression;
  readonly tolerance: Expression;
  readonly span: Span;
}

// ───────────────────────────── models and theories

export type ModelDeclaration =
  | LetDeclaration | EnsembleDeclaration | DataDeclaration | StateDeclaration | ConstraintDeclaration | EnergyDeclaration | ObservableDeclaration;
export type TheoryDeclaration = LetDeclaration | OrderDeclaration | FreeEnergyDeclaration | SaddleDeclaration | ObservableDeclaration;

/** A declared name with its slots: `h[mu]`, `x[mu in P, i in N]`, `J[i < j in N]`, `b3`. */
export interface Slotted {
  readonly kind: "slotted";
  readonly name: Identifier;
  /** Absent for a scalar. */
  readonly slots?: readonly Binder[];
  readonly span: Span;
}

export interface LetDeclaration { readonly kind: "let"; readonly target: Slotted; readonly value: Expression; readonly span: Span }
export interface EnsembleDeclaration { readonly kind: "ensemble"; readonly targets: readonly Slotted[]; readonly distribution: Expression; readonly span: Span }
export interface DataDeclaration {
  readonly kind: "data";
  readonly targets: readonly Slotted[];
  /** Whether the targets stood in parentheses (they must when there are several). */
  readonly tuple: boolean;
  readonly source: Expression;
  readonly span: Span;
}
export interface StateDeclaration {
  readonly kind: "state";
  readonly targets: readonly Slotted[];
  readonly domain: DomainReference;
  /** `~ D` or `= expr`. */
  readonly initial?: { readonly kind: "draw" | "value"; readonly expression: Expression };
  readonly span: Span;
}
/** `real`, `spin`, `potts(3)`, `interval(-1, 1)` */
export interface DomainReference { readonly kind: "domain"; readonly name: Identifier; readonly arguments?: readonly Argument[]; readonly span: Span }
/** `statement` is a Compare with `==` or `<=`; the checker says so when it isn't. */
export interface ConstraintDeclaration { readonly kind: "constraint"; readonly statement: Expression; readonly span: Span }
export interface EnergyDeclaration { readonly kind: "energy"; readonly target: Slotted; readonly value: Expression; readonly span: Span }
export interface ObservableDeclaration { readonly kind: "observable"; readonly target: Slotted; readonly value: Expression; readonly span: Span }

/** `order q in (0, 1) = 0.5, t in (-1, 1)` */
export interface OrderDeclaration {
  readonly kind: "order";
  readonly parameters: readonly { readonly name: Identifier; readonly interval?: readonly [Expression, Expression]; readonly start?: Expression }[];
  readonly span: Span;
}
export interface FreeEnergyDeclaration { readonly kind: "freeEnergy"; readonly name: Identifier; readonly value: Expression; readonly span: Span }
export interface SaddleDeclaration { readonly kind: "saddle"; readonly potential: Identifier; readonly over: readonly Identifier[]; readonly span: Span }

// ───────────────────────────── runs

export type RunStep =
  | { readonly kind: "sweep"; readonly name: Identifier; readonly range: Expression; readonly span: Span }
  | { readonly kind: "samples" | "starts" | "seed"; readonly value: Expression; readonly span: Span }
  | { readonly kind: "bias"; readonly value: Expression; readonly span: Span }
  | MoveStep
  | { readonly kind: "record"; readonly names: readonly Expression[]; readonly span: Span }
  | StartFromStep
  | StartValueStep
  | { readonly kind: "hold"; readonly replica: Identifier; readonly span: Span }
  | { readonly kind: "transient"; readonly span: Span };

/** `evolve D for AMOUNT UNIT until COND` / `measure D for AMOUNT UNIT every K until COND` */
export interface MoveStep {
  readonly kind: "evolve" | "measure";
  readonly dynamics: Expression;
  readonly amount?: { readonly value: Expression; readonly unit?: Identifier };
  readonly every?: Expression;
  readonly until?: Expression;
  readonly span: Span;
}

/** `w` or `w@ref` */
export interface StateReference { readonly kind: "stateReference"; readonly name: Identifier; readonly replica?: Identifier; readonly span: Span }
/** `start from A at (T = 1)`, `start w@ref from A` */
export interface StartFromStep {
  readonly kind: "startFrom";
  /** Empty for the whole state. */
  readonly targets: readonly StateReference[];
  readonly run: Identifier;
  readonly at?: readonly Argument[];
  readonly span: Span;
}
/** `start s = flip(xi[1,:], 0.05)`, `start w ~ Normal(0, 1)` */
export interface StartValueStep {
  readonly kind: "startValue";
  readonly targets: readonly StateReference[];
  readonly initial: { readonly kind: "draw" | "value"; readonly expression: Expression };
  readonly span: Span;
}

// ───────────────────────────── expressions

export type Expression =
  | NumberLiteral | StringLiteral | NameExpression | TupleExpression | ListExpression | UnaryExpression | BinaryExpression | CompareExpression
  | ConditionalExpression | ReductionExpression | CallExpression | MemberExpression | SubscriptExpression | ReplicaExpression
  | AtExpression | WithExpression | ScheduleExpression | RangeExpression;

/** `text` is the spelling (`1e-3`), which the printer keeps. */
export interface NumberLiteral { readonly kind: "number"; readonly value: number; readonly text: string; readonly span: Span }
export interface StringLiteral { readonly kind: "string"; readonly value: string; readonly span: Span }
/** A name in an expression; `pi` and `inf` too. */
export interface NameExpression { readonly kind: "name"; readonly name: string; readonly span: Span }
/** `(a, b)` with two or more entries. */
export interface TupleExpression { readonly kind: "tuple"; readonly entries: readonly Expression[]; readonly span: Span }
export interface ListExpression { readonly kind: "list"; readonly entries: readonly Expression[]; readonly span: Span }
export interface UnaryExpression { readonly kind: "unary"; readonly operator: "-" | "+" | "not"; readonly operand: Expression; readonly span: Span }
export type BinaryOperator = "+" | "-" | "*" | "/" | "^" | "and" | "or";
export interface BinaryExpression { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression; readonly span: Span }
export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";
/** `a < b < c` has operands [a, b, c] and operators ["<", "<"]. */
export interface CompareExpression { readonly kind: "compare"; readonly operands: readonly Expression[]; readonly operators: readonly CompareOperator[]; readonly span: Span }
export interface ConditionalExpression { readonly kind: "conditional"; readonly condition: Expression; readonly then: Expression; readonly otherwise: Expression; readonly span: Span }
/** `sum(i, j < k in N) body`. */
export interface ReductionExpression { readonly kind: "reduction"; readonly name: Identifier; readonly binders: readonly Binder[]; readonly body: Expression; readonly span: Span }
/** `callee` is the function's name: callables have a name space of their own. */
export interface CallExpression { readonly kind: "call"; readonly callee: Identifier; readonly arguments: readonly Argument[]; readonly span: Span }
/** `R.energy`; a call of a member, `RS.entropy(alpha = 1)`, is a member with `arguments`; `E[k]` of it is a subscript. */
export interface MemberExpression { readonly kind: "member"; readonly object: Expression; readonly name: Identifier; readonly arguments?: readonly Argument[]; readonly span: Span }
export interface SubscriptExpression { readonly kind: "subscript"; readonly object: Expression; readonly subscripts: readonly (Expression | Slice)[]; readonly span: Span }
/** A whole axis, `:`. */
export interface Slice { readonly kind: "slice"; readonly span: Span }
/** `w@1`, `w@ref`: the replica's name is "1" or "ref". */
export interface ReplicaExpression { readonly kind: "replica"; readonly object: Expression; readonly replica: Identifier; readonly span: Span }
/** `e at (N = 100)` */
export interface AtExpression { readonly kind: "at"; readonly object: Expression; readonly arguments: readonly Argument[]; readonly span: Span }
/** `e with (x, y) = source`, `e with fresh(x, P = 5)`, `e with (w = …, x = …)`. */
export interface WithExpression {
  readonly kind: "with";
  readonly object: Expression;
  readonly replacements: readonly Replacement[];
  readonly span: Span;
}
export type Replacement =
  | { readonly kind: "assign"; readonly targets: readonly Identifier[]; readonly value: Expression; readonly span: Span }
  | { readonly kind: "fresh"; readonly arguments: readonly Argument[]; readonly span: Span };
/** `2.0 -> 0.05 geometric`, in arguments only. */
export interface ScheduleExpression { readonly kind: "schedule"; readonly from: Expression; readonly to: Expression; readonly shape?: Identifier; readonly span: Span }
/** `a..b` or `a..b by c`, in binders, sweeps and `for` only. */
export interface RangeExpression { readonly kind: "range"; readonly from: Expression; readonly to: Expression; readonly by?: Expression; readonly span: Span }

/** `value` or `name = value`; a named argument may bear any word as its name. */
export interface Argument { readonly kind: "argument"; readonly name?: Identifier; readonly value: Expression; readonly span: Span }

/**
 * What binds indices, in slots and in reductions:
 * `i`, `i in N`, `i in 0..9`, `x in L periodic`, `i < j < k in N`, `i != j`, `(i, j) in G`.
 */
export type Binder = ChainBinder | EdgeBinder;
export interface ChainBinder {
  readonly kind: "chain";
  readonly names: readonly Identifier[];
  /** Between neighbouring names; empty for a single one. */
  readonly relations: readonly ("<" | "<=" | "!=")[];
  /** What stands behind `in`: a size `N`, a graph's neighbourhood `G[i]`, or a range. */
  readonly range?: Expression;
  readonly periodic: boolean;
  readonly span: Span;
}
export interface EdgeBinder { readonly kind: "edge"; readonly names: readonly Identifier[]; readonly range: Expression; readonly span: Span }

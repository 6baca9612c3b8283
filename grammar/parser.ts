/**
 * The grammar, as a Chevrotain CST parser: one rule for each item, declaration and step.
 *
 * `outline` has cut the tokens at the words that begin a declaration, so a rule reads one declaration and a mistake
 * cannot reach beyond it (that is the error recovery: Chevrotain's own would resume inside expressions and report
 * follow-up errors). `classify` has decided what needs unbounded lookahead (a reduction or a call, `with` the operator or
 * the clause), so the grammar is LL(2) without gates (LL(3) behind `with`) and the self-analysis sees every ambiguity.
 *
 * An expression is read flat, operands and operators in turn; `buildExpression` folds it by the table of `precedence`.
 * Layered rules would cost twelve nested calls a parenthesis, too deep for the stack, and would answer a misplaced
 * operator with "unexpected token" where the fold can say which parentheses are missing.
 *
 * Long because it is the whole grammar, one rule after the other, as one reads a grammar.
 */
import { CstParser, EOF } from "chevrotain";
import type { CstNode, IParserErrorMessageProvider, IToken, ParserMethod, TokenType } from "chevrotain";
import * as t from "./tokens.ts";
import { keyword } from "./tokens.ts";

type Rule = ParserMethod<[], CstNode>;

/** Where a rule stopped: the token it couldn't take (undefined at the end of its tokens), what it could have taken, and the rules that were open. */
export interface Stop {
  readonly found: IToken | undefined;
  readonly expected: readonly TokenType[];
  readonly rules: readonly string[];
}

class QuenchParser extends CstParser {
  expected: TokenType[] = [];
  foundAt = 1;

  constructor(validate: boolean) {
    super([...t.allTokens], { maxLookahead: 2, nodeLocationTracking: "onlyOffset", skipValidations: !validate, errorMessageProvider: provider(() => this) });
    this.performSelfAnalysis();
  }

  // ── items

  importItem: Rule = this.RULE("importItem", () => {
    this.CONSUME(keyword.import);
    this.CONSUME(t.Text);
  });

  useItem: Rule = this.RULE("useItem", () => {
    this.CONSUME(keyword.use);
    this.CONSUME(t.Text);
  });

  fnItem: Rule = this.RULE("fnItem", () => {
    this.CONSUME(keyword.fn);
    this.CONSUME(t.Name);
    this.CONSUME(t.LeftParenthesis);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.slotted) });
    this.CONSUME(t.RightParenthesis);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expression);
  });

  modelHead: Rule = this.RULE("modelHead", () => {
    this.CONSUME(keyword.model);
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.parameters));
    this.CONSUME(t.LeftBrace);
  });

  theoryHead: Rule = this.RULE("theoryHead", () => {
    this.CONSUME(keyword.theory);
    this.CONSUME(t.Name);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(keyword.of);
          this.CONSUME1(t.Name);
          this.CONSUME(t.Assign);
          this.SUBRULE(this.expression);
        },
      },
      {
        ALT: () => {
          this.OPTION(() => this.SUBRULE(this.parameters));
          this.CONSUME(t.LeftBrace);
        },
      },
    ]);
  });

  runHead: Rule = this.RULE("runHead", () => {
    this.CONSUME(keyword.run);
    this.CONSUME(t.Name);
    this.CONSUME(keyword.of);
    this.CONSUME1(t.Name);
    this.OPTION(() => this.SUBRULE(this.arguments));
    this.CONSUME(t.LeftBrace);
  });

  parameters: Rule = this.RULE("parameters", () => {
    this.CONSUME(t.LeftParenthesis);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.parameter) });
    this.CONSUME(t.RightParenthesis);
  });

  parameter: Rule = this.RULE("parameter", () => {
    this.CONSUME(t.Name);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expression);
  });

  plotItem: Rule = this.RULE("plotItem", () => {
    this.CONSUME(keyword.plot);
    this.SUBRULE(this.expressions);
    this.MANY(() => this.SUBRULE(this.plotClause));
  });

  plotClause: Rule = this.RULE("plotClause", () => {
    this.OR([
      { ALT: () => { this.CONSUME(keyword.vs); this.SUBRULE(this.expression); } },
      { ALT: () => { this.CONSUME(keyword.by); this.SUBRULE(this.names); } },
      { ALT: () => { this.CONSUME(keyword.for); this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.rangeVariable) }); } },
      { ALT: () => { this.CONSUME(t.WithClause); this.SUBRULE(this.expressions); } },
      { ALT: () => { this.CONSUME(t.LogClause); this.CONSUME(t.Name); } },
    ]);
  });

  rangeVariable: Rule = this.RULE("rangeVariable", () => {
    this.CONSUME(t.Name);
    this.CONSUME(keyword.in);
    this.SUBRULE(this.range);
  });

  tableItem: Rule = this.RULE("tableItem", () => {
    this.CONSUME(keyword.table);
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.expressions);
  });

  claimItem: Rule = this.RULE("claimItem", () => {
    this.CONSUME(keyword.claim);
    this.CONSUME(t.Text);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.expression);
    this.OPTION(() => {
      this.CONSUME(t.Approximately);
      this.SUBRULE1(this.expression);
      this.CONSUME(t.PlusMinus);
      this.SUBRULE2(this.expression);
    });
  });

  // ── declarations of models and theories

  /** `let`, `energy`, `observable`. */
  valueDeclaration: Rule = this.RULE("valueDeclaration", () => {
    this.OR([{ ALT: () => this.CONSUME(keyword.let) }, { ALT: () => this.CONSUME(keyword.energy) }, { ALT: () => this.CONSUME(keyword.observable) }]);
    this.SUBRULE(this.slotted);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expression);
  });

  ensembleDeclaration: Rule = this.RULE("ensembleDeclaration", () => {
    this.CONSUME(keyword.ensemble);
    this.SUBRULE(this.slotteds);
    this.CONSUME(t.Tilde);
    this.SUBRULE(this.expression);
  });

  dataDeclaration: Rule = this.RULE("dataDeclaration", () => {
    this.CONSUME(keyword.data);
    this.OR([
      { ALT: () => { this.CONSUME(t.LeftParenthesis); this.SUBRULE(this.slotteds); this.CONSUME(t.RightParenthesis); } },
      { ALT: () => this.SUBRULE(this.slotted) },
    ]);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expression);
  });

  stateDeclaration: Rule = this.RULE("stateDeclaration", () => {
    this.CONSUME(keyword.state);
    this.SUBRULE(this.slotteds);
    this.CONSUME(t.Colon);
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.arguments));
    this.OPTION1(() => this.SUBRULE(this.initial));
  });

  /** `~ D` or `= expr`. */
  initial: Rule = this.RULE("initial", () => {
    this.OR([{ ALT: () => this.CONSUME(t.Tilde) }, { ALT: () => this.CONSUME(t.Assign) }]);
    this.SUBRULE(this.expression);
  });

  constraintDeclaration: Rule = this.RULE("constraintDeclaration", () => {
    this.CONSUME(keyword.constraint);
    this.SUBRULE(this.expression);
  });

  orderDeclaration: Rule = this.RULE("orderDeclaration", () => {
    this.CONSUME(keyword.order);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.orderParameter) });
  });

  orderParameter: Rule = this.RULE("orderParameter", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.interval));
    this.OPTION1(() => {
      this.CONSUME(t.Assign);
      this.SUBRULE(this.expression);
    });
  });

  interval: Rule = this.RULE("interval", () => {
    this.CONSUME(keyword.in);
    this.CONSUME(t.LeftParenthesis);
    this.SUBRULE(this.expression);
    this.CONSUME(t.Comma);
    this.SUBRULE1(this.expression);
    this.CONSUME(t.RightParenthesis);
  });

  freeEnergyDeclaration: Rule = this.RULE("freeEnergyDeclaration", () => {
    this.CONSUME(keyword.free_energy);
    this.CONSUME(t.Name);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expression);
  });

  saddleDeclaration: Rule = this.RULE("saddleDeclaration", () => {
    this.CONSUME(keyword.saddle);
    this.CONSUME(t.Name);
    this.CONSUME(keyword.over);
    this.SUBRULE(this.names);
  });

  // ── steps of runs

  sweepStep: Rule = this.RULE("sweepStep", () => {
    this.CONSUME(keyword.sweep);
    this.CONSUME(t.Name);
    this.CONSUME(keyword.in);
    this.SUBRULE(this.range);
    this.OPTION(() => {
      this.CONSUME(keyword.by);
      this.SUBRULE(this.expression);
    });
  });

  /** `samples`, `starts`, `seed`, `bias`. */
  settingStep: Rule = this.RULE("settingStep", () => {
    this.OR([
      { ALT: () => this.CONSUME(keyword.samples) },
      { ALT: () => this.CONSUME(keyword.starts) },
      { ALT: () => this.CONSUME(keyword.seed) },
      { ALT: () => this.CONSUME(keyword.bias) },
    ]);
    this.SUBRULE(this.expression);
  });

  moveStep: Rule = this.RULE("moveStep", () => {
    this.OR([{ ALT: () => this.CONSUME(keyword.evolve) }, { ALT: () => this.CONSUME(keyword.measure) }]);
    this.SUBRULE(this.expression);
    this.MANY(() => this.SUBRULE(this.moveClause));
  });

  moveClause: Rule = this.RULE("moveClause", () => {
    this.OR([
      { ALT: () => { this.CONSUME(keyword.for); this.SUBRULE(this.expression); this.OPTION(() => this.CONSUME(t.Name)); } },
      { ALT: () => { this.CONSUME(keyword.every); this.SUBRULE1(this.expression); } },
      { ALT: () => { this.CONSUME(keyword.until); this.SUBRULE2(this.expression); } },
    ]);
  });

  recordStep: Rule = this.RULE("recordStep", () => {
    this.CONSUME(keyword.record);
    this.SUBRULE(this.expressions);
  });

  holdStep: Rule = this.RULE("holdStep", () => {
    this.CONSUME(keyword.hold);
    this.SUBRULE(this.replica);
  });

  transientStep: Rule = this.RULE("transientStep", () => {
    this.CONSUME(keyword.transient);
  });

  startStep: Rule = this.RULE("startStep", () => {
    this.CONSUME(keyword.start);
    this.OR([
      { ALT: () => this.SUBRULE(this.startFrom) },
      {
        ALT: () => {
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.stateReference) });
          this.OR1([{ ALT: () => this.SUBRULE(this.initial) }, { ALT: () => this.SUBRULE1(this.startFrom) }]);
        },
      },
    ]);
  });

  startFrom: Rule = this.RULE("startFrom", () => {
    this.CONSUME(t.From);
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(keyword.at);
      this.SUBRULE(this.arguments);
    });
  });

  stateReference: Rule = this.RULE("stateReference", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.At);
      this.SUBRULE(this.replica);
    });
  });

  // ── lists

  names: Rule = this.RULE("names", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.Name) });
  });

  slotteds: Rule = this.RULE("slotteds", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.slotted) });
  });

  expressions: Rule = this.RULE("expressions", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
  });

  arguments: Rule = this.RULE("arguments", () => {
    this.CONSUME(t.LeftParenthesis);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.argument) });
    this.CONSUME(t.RightParenthesis);
  });

  argument: Rule = this.RULE("argument", () => {
    this.OPTION(() => {
      this.CONSUME(t.Name);
      this.CONSUME(t.Assign);
    });
    this.SUBRULE(this.expression);
    this.OPTION1(() => {
      this.CONSUME(t.Arrow);
      this.SUBRULE1(this.expression);
      this.OPTION2(() => this.OR([{ ALT: () => this.CONSUME(keyword.geometric) }, { ALT: () => this.CONSUME(keyword.linear) }]));
    });
  });

  // ── indices

  slotted: Rule = this.RULE("slotted", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.LeftBracket);
      this.SUBRULE(this.binders);
      this.CONSUME(t.RightBracket);
    });
  });

  binders: Rule = this.RULE("binders", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.binder) });
  });

  binder: Rule = this.RULE("binder", () => {
    this.OR([{ ALT: () => this.SUBRULE(this.edgeBinder) }, { ALT: () => this.SUBRULE(this.chainBinder) }]);
  });

  edgeBinder: Rule = this.RULE("edgeBinder", () => {
    this.CONSUME(t.LeftParenthesis);
    this.SUBRULE(this.names);
    this.CONSUME(t.RightParenthesis);
    this.CONSUME(keyword.in);
    this.SUBRULE(this.range);
  });

  chainBinder: Rule = this.RULE("chainBinder", () => {
    this.CONSUME(t.Name);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(t.Less) }, { ALT: () => this.CONSUME(t.LessEqual) }, { ALT: () => this.CONSUME(t.NotEqual) }]);
      this.CONSUME1(t.Name);
    });
    this.OPTION(() => {
      this.CONSUME(keyword.in);
      this.SUBRULE(this.range);
    });
    this.OPTION1(() => this.CONSUME(keyword.periodic));
  });

  range: Rule = this.RULE("range", () => {
    this.SUBRULE(this.expression);
    this.OPTION(() => {
      this.CONSUME(t.DotDot);
      this.SUBRULE1(this.expression);
    });
  });

  // ── expressions

  expression: Rule = this.RULE("expression", () => {
    this.SUBRULE(this.operand);
    this.MANY(() => this.SUBRULE(this.link));
  });

  /** What may follow an operand: an operator with the next one, `at (…)`, `with …`. */
  link: Rule = this.RULE("link", () => {
    this.OR([
      { ALT: () => { this.CONSUME(t.BinaryOperator); this.SUBRULE(this.operand); } },
      { ALT: () => { this.CONSUME(keyword.at); this.SUBRULE(this.arguments); } },
      { ALT: () => { this.CONSUME(t.WithOperator); this.SUBRULE(this.replacement); } },
    ]);
  });

  /** Behind `with`; an assignment's value goes on over the arithmetic that follows, so only its first operand is read here. */
  replacement: Rule = this.RULE("replacement", () => {
    this.OR({
      // `(x, y) = …` against `(x = …, y = …)`
      MAX_LOOKAHEAD: 3,
      DEF: [
        { ALT: () => this.SUBRULE(this.fresh) },
        { ALT: () => { this.SUBRULE(this.targets); this.CONSUME(t.Assign); this.SUBRULE(this.operand); } },
        {
          ALT: () => {
            this.CONSUME(t.LeftParenthesis);
            this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.listedReplacement) });
            this.CONSUME(t.RightParenthesis);
          },
        },
      ],
    });
  });

  listedReplacement: Rule = this.RULE("listedReplacement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.fresh) },
      { ALT: () => { this.SUBRULE(this.targets); this.CONSUME(t.Assign); this.SUBRULE(this.expression); } },
    ]);
  });

  fresh: Rule = this.RULE("fresh", () => {
    this.CONSUME(keyword.fresh);
    this.SUBRULE(this.arguments);
  });

  targets: Rule = this.RULE("targets", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Name) },
      { ALT: () => { this.CONSUME(t.LeftParenthesis); this.SUBRULE(this.names); this.CONSUME(t.RightParenthesis); } },
    ]);
  });

  operand: Rule = this.RULE("operand", () => {
    this.MANY(() => this.SUBRULE(this.prefix));
    this.OR([
      { ALT: () => this.SUBRULE(this.conditional) },
      { ALT: () => this.CONSUME(t.NumberToken) },
      { ALT: () => this.CONSUME(t.Text) },
      { ALT: () => this.SUBRULE(this.place) },
    ]);
  });

  prefix: Rule = this.RULE("prefix", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Sign) },
      { ALT: () => this.CONSUME(keyword.not) },
      {
        ALT: () => {
          this.CONSUME(t.ReductionName);
          this.CONSUME(t.LeftParenthesis);
          this.SUBRULE(this.binders);
          this.CONSUME(t.RightParenthesis);
        },
      },
    ]);
  });

  conditional: Rule = this.RULE("conditional", () => {
    this.CONSUME(keyword.if);
    this.SUBRULE(this.expression);
    this.CONSUME(keyword.then);
    this.SUBRULE1(this.expression);
    this.CONSUME(keyword.else);
    this.SUBRULE2(this.expression);
  });

  /** What `.name`, `[…]` and `@k` may follow. */
  place: Rule = this.RULE("place", () => {
    this.OR([
      { ALT: () => { this.CONSUME(t.Name); this.OPTION(() => this.SUBRULE(this.arguments)); } },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.list) },
    ]);
    this.MANY(() => this.SUBRULE(this.postfix));
  });

  group: Rule = this.RULE("group", () => {
    this.CONSUME(t.LeftParenthesis);
    this.SUBRULE(this.expressions);
    this.CONSUME(t.RightParenthesis);
  });

  list: Rule = this.RULE("list", () => {
    this.CONSUME(t.LeftBracket);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(t.RightBracket);
  });

  postfix: Rule = this.RULE("postfix", () => {
    this.OR([
      { ALT: () => { this.CONSUME(t.LeftBracket); this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.subscript) }); this.CONSUME(t.RightBracket); } },
      { ALT: () => { this.CONSUME(t.Dot); this.CONSUME(t.Name); this.OPTION(() => this.SUBRULE(this.arguments)); } },
      { ALT: () => { this.CONSUME(t.At); this.SUBRULE(this.replica); } },
    ]);
  });

  subscript: Rule = this.RULE("subscript", () => {
    this.OR([{ ALT: () => this.CONSUME(t.Colon) }, { ALT: () => this.SUBRULE(this.expression) }]);
  });

  replica: Rule = this.RULE("replica", () => {
    this.OR([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.NumberToken) }]);
  });
}

/** The rules that read a whole segment. */
export type EntryRule = Exclude<keyof QuenchParser, keyof CstParser | "expected" | "foundAt">;

/** Chevrotain hands what it expected to its message provider only, so that is where it is noted; `explain` writes the messages. */
function provider(parser: () => QuenchParser): IParserErrorMessageProvider {
  const note = (expected: TokenType[], foundAt = 1): string => {
    parser().expected = expected;
    parser().foundAt = foundAt;
    return "";
  };
  // Of several alternatives with a common beginning: those that agree longest with what is there.
  const noteNearest = (paths: readonly TokenType[][], actual: readonly IToken[]): string => {
    const agreeing = (path: readonly TokenType[]): number => {
      const stop = path.findIndex((type, i) => actual[i] === undefined || !(actual[i].tokenTypeIdx === type.tokenTypeIdx || type.categoryMatchesMap?.[actual[i].tokenTypeIdx]));
      return stop < 0 ? path.length : stop;
    };
    const longest = Math.max(0, ...paths.map(agreeing));
    return note(paths.filter((path) => agreeing(path) === longest && path.length > longest).map((path) => path[longest]!), longest + 1);
  };
  return {
    buildMismatchTokenMessage: ({ expected }) => note([expected]),
    buildNotAllInputParsedMessage: () => note([]),
    buildNoViableAltMessage: ({ expectedPathsPerAlt, actual }) => noteNearest(expectedPathsPerAlt.flat(), actual),
    buildEarlyExitMessage: ({ expectedIterationPaths, actual }) => noteNearest(expectedIterationPaths, actual),
  };
}

let instance: QuenchParser | undefined;

/** The parser, made at its first use: its self-analysis is most of what it costs. With `validate` a fresh one that throws if the grammar is ambiguous. */
export function parser(validate = false): QuenchParser {
  return validate ? new QuenchParser(true) : (instance ??= new QuenchParser(false));
}

/** The names of all rules of the grammar. */
export const ruleNames = (): readonly string[] => Object.keys(parser().getGAstProductions());

/** Reads one segment by a rule: its tree, and where it stopped if that isn't the end. */
export function readSegment(rule: EntryRule, tokens: readonly IToken[]): { tree: CstNode; stop: Stop | undefined } {
  const reader = parser();
  reader.input = [...tokens];
  const tree = reader[rule]();
  const [error] = reader.errors;
  if (error === undefined) return { tree, stop: undefined };
  const at = tokens.indexOf(error.token);
  const found = at < 0 ? undefined : tokens[at + reader.foundAt - 1];
  return { tree, stop: { found: found?.tokenType === EOF ? undefined : found, expected: reader.expected, rules: error.context.ruleStack } };
}

/**
 * Where a declaration, step or item begins, judged from the tokens around: also when the file has mistakes, when a
 * reserved word was used as a name, or when the word itself is misspelt.
 */
import type { IToken, TokenType } from "chevrotain";
import { nearest } from "./nearest.ts";
import { is, isOneOf, onNewLine } from "./token.ts";
import {
  Assign, Colon, Comma, keyword, LeftBrace, LeftBracket, LeftParenthesis, Name, NumberToken, ReductionName, RightBrace, RightBracket, RightParenthesis, Sign, Text, Tilde,
} from "./tokens.ts";
import { isReserved, itemWords, modelWords, stepWords, theoryWords } from "./words.ts";
import type { ReservedWord } from "./words.ts";

const beginning: ReadonlySet<ReservedWord> = new Set<ReservedWord>([...itemWords, ...modelWords, ...theoryWords, ...stepWords]);

const operandStarts: readonly TokenType[] = [Name, ReductionName, NumberToken, Text, LeftParenthesis, LeftBracket, Sign, keyword.not, keyword.if];

/** The reserved word that a token is; undefined for names, also for a word in a place where it is one. */
export const wordOf = (token: IToken | undefined): ReservedWord | undefined =>
  token !== undefined && isReserved(token.image) && is(token, keyword[token.image]) ? token.image : undefined;

/** Whether an expression, and with it a declaration, can end with this token. */
export const endsOperand = (token: IToken | undefined): boolean => isOneOf(token, [Name, NumberToken, Text, RightParenthesis, RightBracket, keyword.transient]);

/** Whether an operand can begin with this token. */
export const startsOperand = (token: IToken | undefined): boolean => isOneOf(token, operandStarts);

/** What follows each word; the second list says what follows that, and is asked where a word alone doesn't prove a beginning. */
const anyOperand: readonly [readonly TokenType[]] = [operandStarts];
const continuations: Partial<Record<ReservedWord, readonly [readonly TokenType[], (readonly TokenType[])?]>> = {
  import: [[Text]],
  use: [[Text]],
  fn: [[Name], [LeftParenthesis]],
  model: [[Name], [LeftParenthesis, LeftBrace]],
  theory: [[Name], [LeftParenthesis, LeftBrace, keyword.of]],
  run: [[Name], [keyword.of]],
  plot: anyOperand,
  table: [[Name], [Colon]],
  claim: [[Text]],
  let: [[Name], [LeftBracket, Assign]],
  energy: [[Name], [LeftBracket, Assign]],
  observable: [[Name], [LeftBracket, Assign]],
  ensemble: [[Name], [LeftBracket, Tilde, Comma]],
  state: [[Name], [LeftBracket, Colon, Comma]],
  data: [[Name, LeftParenthesis], [LeftBracket, Assign, Name]],
  constraint: anyOperand,
  order: [[Name], [keyword.in, Assign, Comma]],
  free_energy: [[Name], [Assign]],
  saddle: [[Name], [keyword.over]],
  sweep: [[Name], [keyword.in]],
  samples: [[NumberToken, Name]],
  starts: [[NumberToken, Name]],
  seed: [[NumberToken, Name]],
  bias: anyOperand,
  evolve: [[Name]],
  measure: [[Name]],
  record: [[Name]],
  start: [[Name]],
  hold: [[Name, NumberToken]],
};

const fits = (word: ReservedWord, next: IToken | undefined): boolean => word === "transient" || isOneOf(next, continuations[word]?.[0] ?? []);

const goesOn = (word: ReservedWord, second: IToken | undefined): boolean => {
  const expected = continuations[word]?.[1];
  return expected === undefined || isOneOf(second, expected);
};

/** Whether the token at `at` is a word that begins something, and isn't a reserved word in the place of a name. */
export function beginsAt(tokens: readonly IToken[], at: number): boolean {
  const token = tokens[at];
  const word = wordOf(token);
  if (word === undefined || !beginning.has(word)) return false;
  const before = tokens[at - 1];
  if (before === undefined || is(before, LeftBrace) || is(before, RightBrace)) return true;
  const complete = endsOperand(before);
  // A new line begins a declaration even if the one above it is incomplete, or has only its first word.
  if (onNewLine(token!, before)) return complete || fits(word, tokens[at + 1]) || beginning.has(wordOf(before) ?? "in");
  return complete && fits(word, tokens[at + 1]) && goesOn(word, tokens[at + 2]);
}

/** Words of other places and languages, and what they are called here. */
const habits: Readonly<Record<string, ReservedWord>> = {
  hamiltonian: "energy", loss: "energy", cost: "energy", potential: "energy", objective: "energy",
  variable: "state", var: "state", spins: "state", weights: "state",
  disorder: "ensemble", quenched: "ensemble", random: "ensemble", coupling: "ensemble", couplings: "ensemble",
  def: "fn", function: "fn", func: "fn", define: "let", const: "let", set: "let", where: "let",
  subject: "constraint", require: "constraint", dataset: "data", include: "import", simulate: "run", simulation: "run", experiment: "run",
  obs: "observable", measurable: "observable", operator: "observable",
  assert: "claim", expect: "claim", check: "claim", figure: "plot", graph: "plot", equilibrate: "evolve", thermalize: "evolve", init: "start",
};

/** The word that a name at the beginning of a line was meant to be, when what follows bears it out. */
export function misspeltAt(tokens: readonly IToken[], at: number, allowed: readonly ReservedWord[]): ReservedWord | undefined {
  const token = tokens[at];
  const before = tokens[at - 1];
  if (token === undefined || !is(token, Name)) return undefined;
  if (before !== undefined && !is(before, LeftBrace) && !is(before, RightBrace) && !(onNewLine(token, before) && endsOperand(before))) return undefined;
  const habit = habits[token.image.toLowerCase()];
  // A graph in a model is no figure.
  if (token.image === "graph" && allowed.includes("energy")) return undefined;
  const meant = habit !== undefined && allowed.includes(habit) ? habit : (nearest(token.image, allowed) as ReservedWord | undefined);
  if (meant === undefined) return undefined;
  if (meant === "transient") return wordOf(tokens[at + 1]) !== undefined || is(tokens[at + 1], RightBrace) ? meant : undefined;
  return fits(meant, tokens[at + 1]) && !onNewLine(tokens[at + 1]!, token) && goesOn(meant, tokens[at + 2]) ? meant : undefined;
}

/** Whether a line begins like a run without its word: `Cooling of M {`. */
export function lacksWordAt(tokens: readonly IToken[], at: number): boolean {
  const [token, before] = [tokens[at], tokens[at - 1]];
  const shaped = is(token, Name) && is(tokens[at + 1], keyword.of) && is(tokens[at + 2], Name) && isOneOf(tokens[at + 3], [LeftBrace, LeftParenthesis]);
  return shaped && onNewLine(token!, before) && (before === undefined || endsOperand(before) || is(before, RightBrace));
}

/**
 * The lexer: the token types and the order in which they are tried.
 *
 * Chevrotain's traps that shape this file: `\p{L}` in a pattern is silently misread by its first-character optimisation,
 * so letters are explicit ranges; words need `longer_alt`, must precede `Identifier`, and longer ones their prefixes.
 */
import { createToken, Lexer } from "chevrotain";
import type { ITokenConfig, TokenType } from "chevrotain";
import { foreignCharacters, matchForeignComment } from "./foreign.ts";
import { isReserved, reservedWords } from "./words.ts";
import type { ReservedWord } from "./words.ts";

// Letters (Unicode category L) of the Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, phonetic, letter-like, Japanese, Chinese and Korean blocks.
const letters =
  "A-Za-z\\u00aa\\u00b5\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02c1\\u02c6-\\u02d1\\u02e0-\\u02e4\\u02ec\\u02ee\\u0370-\\u0374\\u0376-\\u0377\\u037a-\\u037d\\u037f" +
  "\\u0386\\u0388-\\u038a\\u038c\\u038e-\\u03a1\\u03a3-\\u03f5\\u03f7-\\u0481\\u048a-\\u052f\\u0531-\\u0556\\u0559\\u0560-\\u0588\\u05d0-\\u05ea\\u05ef-\\u05f2\\u0620-\\u064a" +
  "\\u1d00-\\u1dbf\\u1e00-\\u1f15\\u1f18-\\u1f1d\\u1f20-\\u1f45\\u1f48-\\u1f4d\\u1f50-\\u1f57\\u1f59\\u1f5b\\u1f5d\\u1f5f-\\u1f7d\\u1f80-\\u1fb4\\u1fb6-\\u1fbc\\u1fbe" +
  "\\u1fc2-\\u1fc4\\u1fc6-\\u1fcc\\u1fd0-\\u1fd3\\u1fd6-\\u1fdb\\u1fe0-\\u1fec\\u1ff2-\\u1ff4\\u1ff6-\\u1ffc\\u2071\\u207f\\u2090-\\u209c\\u2102\\u2107\\u210a-\\u2113\\u2115" +
  "\\u2119-\\u211d\\u2124\\u2126\\u2128\\u212a-\\u212d\\u212f-\\u2139\\u213c-\\u213f\\u2145-\\u2149\\u214e\\u3041-\\u3096\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff" +
  "\\u4e00-\\u9fff\\uac00-\\ud7a3";
// Behind the first letter also digits, subscript digits (`x₁`) and combining marks (`m̂`).
const inside = `${letters}_0-9\\u0300-\\u036f\\u2080-\\u2089`;
// Mathematical alphabets (`𝛼`) lie outside the basic plane: one high surrogate, all of its low ones but the digits'.
const identifierPattern = new RegExp(`(?:[${letters}_]|\\ud835[\\udc00-\\udfcb])(?:[${inside}]|\\ud835[\\udc00-\\udfcb])*`);

const vocabulary: TokenType[] = [];

function token(name: string, label: string, pattern: RegExp | string, options: Partial<ITokenConfig> = {}): TokenType {
  const type = createToken({ name, label, pattern, line_breaks: false, ...options });
  vocabulary.push(type);
  return type;
}
function category(name: string, label: string): TokenType {
  const type = createToken({ name, label, pattern: Lexer.NA });
  vocabulary.push(type);
  return type;
}

/** Whatever may stand as a name: identifiers, and words that mean something in one place only. */
export const Name = category("Name", "a name");
/** `+ - * / ^`, comparisons, `and`, `or`. */
export const BinaryOperator = category("BinaryOperator", "an operator");
/** `+` or `-` before an operand. */
export const Sign = category("Sign", "a sign");

/** The head of a reduction, `with` as the operator, `with` and `log` as a plot's clauses, `from` of a `start`: given by `classify`, never by the lexer. */
export const ReductionName = category("ReductionName", "a reduction");
export const WithOperator = category("WithOperator", "`with`");
export const WithClause = category("WithClause", "`with`");
export const LogClause = category("LogClause", "`log`");
export const From = category("From", "`from`");

token("WhiteSpace", "white space", /\s+/, { group: Lexer.SKIPPED, line_breaks: true });
token("Comment", "a comment", /#[^\n\r]*/, { group: "comments" });
export const ForeignComment = createToken({
  name: "ForeignComment",
  pattern: (text, offset) => {
    const match = matchForeignComment(text, offset);
    return match === undefined ? null : [match];
  },
  start_chars_hint: ["%", "/"],
  line_breaks: true,
});
vocabulary.push(ForeignComment);

export const Text = token("Text", "a text in quotes", /"[^"\n\r]*"/);
export const UnterminatedText = token("UnterminatedText", "a text in quotes", /"[^"\n\r]*/);
export const ForeignText = token("ForeignText", "a text in quotes", /[“”„‟«‘‚][^“”„‟«»‘’‚"\n\r]*[“”‟»’‘"]|'[^'\n\r]*'/);
export const NumberToken = token("Number", "a number", /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/);

/** The longest first: a word must be tried before its own prefix. */
const byLength = (a: string, b: string): number => b.length - a.length || (a < b ? -1 : 1);

export const Identifier = createToken({ name: "Identifier", label: "a name", pattern: identifierPattern, line_breaks: false, categories: [Name] });

/** Words that have a meaning of their own in one place and are names elsewhere. */
const contextualWords = ["periodic", "geometric", "linear", "fresh", "over"] as const;
type ContextualWord = (typeof contextualWords)[number];
const words = [...reservedWords, ...contextualWords].sort(byLength);

/** The token type of each word. */
export const keyword = Object.fromEntries(
  words.map((word) => {
    const categories = !isReserved(word) ? [Name] : word === "and" || word === "or" ? [BinaryOperator] : [];
    return [word, token(`word ${word}`, `\`${word}\``, new RegExp(word), { longer_alt: Identifier, categories })];
  }),
) as Record<ReservedWord | ContextualWord, TokenType>;
vocabulary.push(Identifier);

// Before the operators, of which some are prefixes of these. The lexer reports them, then goes on with what was meant.
const characters = Object.keys(foreignCharacters).join("");
export const ForeignOperator = token("ForeignOperator", "an operator", new RegExp(`\\*\\*|&&|&|\\|\\||\\||===|!==|:=|<>|=<|=>|!(?!=)|%|[${characters}]`));
export const Semicolon = token("Semicolon", "`;`", ";");

const operator = (name: string, spelling: string, categories: TokenType[] = []): TokenType => token(name, `\`${spelling}\``, spelling, { categories });

export const DotDot = operator("DotDot", "..");
export const Arrow = operator("Arrow", "->");
export const PlusMinus = token("PlusMinus", "`+-`", /\+-|±/);
export const Approximately = operator("Approximately", "~=");
export const Equal = operator("Equal", "==", [BinaryOperator]);
export const NotEqual = operator("NotEqual", "!=", [BinaryOperator]);
export const LessEqual = operator("LessEqual", "<=", [BinaryOperator]);
export const GreaterEqual = operator("GreaterEqual", ">=", [BinaryOperator]);
export const Less = operator("Less", "<", [BinaryOperator]);
export const Greater = operator("Greater", ">", [BinaryOperator]);
export const Tilde = operator("Tilde", "~");
export const Assign = operator("Assign", "=");
export const Plus = operator("Plus", "+", [BinaryOperator, Sign]);
export const Minus = operator("Minus", "-", [BinaryOperator, Sign]);
export const Star = operator("Star", "*", [BinaryOperator]);
export const Slash = operator("Slash", "/", [BinaryOperator]);
export const Caret = operator("Caret", "^", [BinaryOperator]);
export const LeftParenthesis = operator("LeftParenthesis", "(");
export const RightParenthesis = operator("RightParenthesis", ")");
export const LeftBracket = operator("LeftBracket", "[");
export const RightBracket = operator("RightBracket", "]");
export const LeftBrace = operator("LeftBrace", "{");
export const RightBrace = operator("RightBrace", "}");
export const Comma = operator("Comma", ",");
export const Colon = operator("Colon", ":");
export const Dot = operator("Dot", ".");
export const At = operator("At", "@");

/** Every token type, in the order in which the lexer tries them. */
export const allTokens: readonly TokenType[] = vocabulary;

let instance: Lexer | undefined;

/** The lexer, made at its first use. */
export function lexer(validate = false): Lexer {
  const make = (): Lexer => new Lexer([...vocabulary], { positionTracking: "full", ensureOptimizations: true, skipValidations: !validate });
  return validate ? make() : (instance ??= make());
}

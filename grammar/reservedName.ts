import type { IToken } from "chevrotain";
import type { Diagnostic } from "./diagnostic.ts";
import { syntaxError } from "./syntaxError.ts";
import { spanOf } from "./token.ts";

/** A reserved word in the place of a name. */
export const reservedName = (at: IToken): Diagnostic =>
  syntaxError("Q122", `\`${at.image}\` is a reserved word`, [[spanOf(at), "expected a name"]], { help: `choose another name, such as \`${at.image}_1\``, arguments: { found: at.image } });

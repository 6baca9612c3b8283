/** The reserved words of LANGUAGE.md section 1, by the place in which each may stand, and the names that reduce. */

/** Words that begin an item of the file. */
export const itemWords = ["import", "use", "fn", "model", "theory", "run", "plot", "table", "claim"] as const;

/** Words that begin a declaration of a `model`. */
export const modelWords = ["let", "ensemble", "state", "data", "constraint", "energy", "observable"] as const;

/** Words that begin a declaration of a `theory { … }`. */
export const theoryWords = ["let", "order", "free_energy", "saddle", "observable"] as const;

/** Words that begin a step of a `run`. */
export const stepWords = [
  "sweep", "samples", "starts", "evolve", "measure", "record", "start", "seed", "bias", "hold", "transient",
] as const;

/** Words that join expressions or begin a clause; they never begin a declaration. */
export const clauseWords = ["for", "until", "every", "at", "with", "vs", "by", "in", "of", "if", "then", "else", "and", "or", "not"] as const;

/** Every word that isn't a name, except behind a `.` and before the `=` of a named argument. */
export const reservedWords = [
  ...itemWords, ...modelWords, "order", "free_energy", "saddle", ...stepWords, ...clauseWords,
] as const;

export type ReservedWord = (typeof reservedWords)[number];

const reserved: ReadonlySet<string> = new Set(reservedWords);

/** Whether `word` is reserved. */
export const isReserved = (word: string): word is ReservedWord => reserved.has(word);

/** Reductions of which the body is a chain of `*` and `/`, as on paper: `sum(i) a[i] * b[i]`. */
export const linearReductions: ReadonlySet<string> = new Set(["sum", "mean", "gauss", "integral", "root"]);

/** Reductions of which the body is one factor: `count(mu) (h[mu] < 0) / P` is a fraction. */
export const factorReductions: ReadonlySet<string> = new Set([
  "prod", "max", "min", "logsumexp", "count", "any", "all", "argmax", "argmin",
]);

/** Whether `NAME(binders) body` with this name can be a reduction. */
export const isReductionName = (name: string): boolean => linearReductions.has(name) || factorReductions.has(name);

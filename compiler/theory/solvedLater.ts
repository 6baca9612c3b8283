import type { Theory, TheoryStatus } from "./prediction.ts";

/**
 * A theory whose saddle points are looked for when something is asked of it: that the model belongs to its class is known before, and
 * having no solution at some parameters is an answer there, not a property of the model.
 */
export function solvedLater(method: string, status: TheoryStatus, solve: () => Theory | { readonly refused: string }): Theory {
  let solved: ReturnType<typeof solve> | undefined;
  const now = (): ReturnType<typeof solve> => (solved ??= solve());
  const known = (): Theory => {
    const theory = now();
    return "refused" in theory ? { method, status, assumptions: [], quantities: [], equations: [], predict: () => theory } : theory;
  };
  return {
    method, status,
    get assumptions() { return known().assumptions; },
    get quantities() { return known().quantities; },
    get equations() { return known().equations; },
    get magnetisation() { return known().magnetisation; },
    get direction() { return known().direction; },
    get pattern() { return known().pattern; },
    get inputs() { return known().inputs; },
    get unsolved() { const theory = now(); return "refused" in theory ? theory.refused : undefined; },
    perPattern: () => known().perPattern?.() ?? { refused: "it says nothing of fresh patterns" },
    predict: (quantity, given) => known().predict(quantity, given),
  };
}

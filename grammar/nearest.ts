/** Edit distance with transpositions of neighbours (optimal string alignment), cut off above `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    if (Math.min(...row) > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/**
 * The candidate that `name` was most likely meant to be: the nearest by insertions, deletions, substitutions and
 * transpositions, at most one for every three letters of the name (one for a name of two letters, none for a single
 * one). A difference in case counts half. Undefined when nothing is near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const limit = name.length < 2 ? 0 : Math.max(1, Math.floor(name.length / 3));
  const folded = name.toLowerCase();
  let best: string | undefined;
  let bestScore = Infinity;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const exact = distance(name, candidate, limit);
    const loose = distance(folded, candidate.toLowerCase(), limit);
    if (Math.min(exact, loose) > limit) continue;
    // A two-letter name shares nothing with another one that replaces both or that is a single letter.
    if (loose >= Math.max(1, Math.min(name.length, candidate.length))) continue;
    const score = Math.min(exact, loose + 0.5);
    if (score < bestScore) [best, bestScore] = [candidate, score];
  }
  return best;
}

/** `did you mean …?` for the nearest candidate, or undefined. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const found = nearest(name, candidates);
  return found === undefined ? undefined : `did you mean \`${found}\`?`;
}

/** In which order the factors of a sum of products are multiplied, two at a time. */

/** A factor: its labels and whether it has the batch axis. */
export interface Factor { readonly axes: readonly string[]; readonly thermal: boolean }

/** A factor by number, or the product of two orders. */
export type ContractionOrder = number | readonly [ContractionOrder, ContractionOrder];

/** What an order costs, compared entry by entry from the left. */
type Cost = readonly [largestResult: number, operations: number, outerProducts: number, transposed: number];

/** Batch size that costs are counted for: the relative sizes of intermediates, not their values, decide. */
const NOMINAL_STARTS = 40;
/** Products of quenched tensors are made once after the draw, for about this many evaluations. */
const EVALUATIONS = 1000;
/** Subsets of up to this many factors are searched exhaustively; more are multiplied from the right. */
const MOST_FACTORS = 9;

/**
 * The order whose largest intermediate is smallest, then with the fewest operations, then with the fewest outer products and the fewest
 * transpositions of the larger operand. For X[i,j,k] w[i] w[j] w[k] it eliminates k, then j, one factor after the other: N³·starts operations and no
 * intermediate above N²·starts. Labels outside of `keep` are summed as soon as no other factor holds them.
 */
export function contractionOrder(factors: readonly Factor[], keep: readonly string[], extent: (label: string) => number): { readonly order: ContractionOrder; readonly cost: Cost } {
  if (factors.length > MOST_FACTORS) return { order: factors.map((_, k) => k as ContractionOrder).reduceRight((right, k) => [k, right]), cost: [Infinity, Infinity, 0, 0] };
  const kept = new Set(keep);
  const all = (1 << factors.length) - 1;
  const volume = (axes: Iterable<string>, thermal: boolean): number => [...axes].reduce((v, l) => v * extent(l), thermal ? NOMINAL_STARTS : 1);
  const best: { order: ContractionOrder; cost: Cost; result: Factor }[] = [];
  for (let subset = 1; subset <= all; subset++) {
    const members = factors.flatMap((_, k) => (subset & (1 << k) ? [k] : []));
    if (members.length === 1) {
      best[subset] = { order: members[0]!, cost: [0, 0, 0, 0], result: factors[members[0]!]! };
      continue;
    }
    const needed = new Set([...kept, ...factors.flatMap((f, k) => (subset & (1 << k) ? [] : f.axes))]);
    for (let right = (subset - 1) & subset; right > 0; right = (right - 1) & subset) {
      const left = subset & ~right;
      if (left > right) continue; // each split once
      const [a, b] = [best[left]!, best[right]!];
      const thermal = a.result.thermal || b.result.thermal;
      const union = new Set([...a.result.axes, ...b.result.axes]);
      const axes = [...union].filter((l) => needed.has(l));
      const operations = volume(union, thermal) / (thermal ? 1 : EVALUATIONS);
      const cost: Cost = [
        Math.max(a.cost[0], b.cost[0], volume(axes, thermal)),
        a.cost[1] + b.cost[1] + operations,
        a.cost[2] + b.cost[2] + (axes.length === union.size && union.size > Math.max(a.result.axes.length, b.result.axes.length) ? 1 : 0),
        a.cost[3] + b.cost[3] + transposition(a.result.axes.length > b.result.axes.length ? a.result.axes : b.result.axes, needed),
      ];
      if (best[subset] === undefined || isLess(cost, best[subset]!.cost)) best[subset] = { order: [a.order, b.order], cost, result: { axes, thermal } };
    }
  }
  const { order, cost } = best[all]!;
  return { order, cost };
}

/** 0 where the summed labels stand last, 1 where they stand first, 2 where they stand between others. */
function transposition(axes: readonly string[], needed: ReadonlySet<string>): number {
  const summed = axes.map((l) => !needed.has(l));
  const count = summed.filter(Boolean).length;
  if (summed.slice(axes.length - count).every(Boolean)) return 0;
  return summed.slice(0, count).every(Boolean) ? 1 : 2;
}

export function isLess(a: Cost, b: Cost): boolean {
  const k = a.findIndex((x, n) => x !== b[n]);
  return k >= 0 && a[k]! < b[k]!;
}

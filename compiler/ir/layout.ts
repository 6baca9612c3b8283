/**
 * Where the entries of an array lie in memory: the one convention that the interpreter, the scheduler and the runtime share.
 *
 * Slots fall into groups: a slot without `order` begins a group, a slot with "<" or "<=" belongs to the group before it.
 * Groups of one slot are free axes; a longer group `i < j <= k …` is stored packed, as its sorted tuples in lexicographic
 * order. Free axes come first in the order written, then the ordered groups in the order written, row-major over these.
 * So `X[i, j, k]` is dense, `J[i < j]` is the strict upper triangle row by row, and `S[a, i <= j <= k]` is one packed
 * simplex of n(n+1)(n+2)/6 entries for each a. The slots of an ordered group have one range.
 */
import type { Slot } from "./program.ts";

/** The axes (slot numbers) of one group, and the number of "<=" among its orders. */
export interface SlotGroup {
  readonly axes: readonly number[];
  /** For each axis after the first, whether equality with the axis before it is allowed. */
  readonly weak: readonly boolean[];
}

/** The groups in storage order: free axes first, then ordered groups, each in the order written. */
export function storageGroups(slots: readonly Pick<Slot, "order">[]): readonly SlotGroup[] {
  const groups: { axes: number[]; weak: boolean[] }[] = [];
  slots.forEach((slot, axis) => {
    if (slot.order === undefined) groups.push({ axes: [axis], weak: [] });
    else if (groups.length === 0) throw new Error("internal: the first slot of an array has an order");
    else {
      groups.at(-1)!.axes.push(axis);
      groups.at(-1)!.weak.push(slot.order === "<=");
    }
  });
  return [...groups.filter((g) => g.axes.length === 1), ...groups.filter((g) => g.axes.length > 1)];
}

/** n over k as an exact integer (k small); 0 for n < k. */
export function binomial(n: number, k: number): number {
  if (n < k) return 0;
  let result = 1;
  for (let m = 1; m <= k; m++) result = (result * (n - k + m)) / m;
  return result;
}

/** Entries of a group over `extent` values: weak orders are strict orders over a range that is longer by one for each. */
const groupLength = (group: SlotGroup, extent: number): number =>
  binomial(extent + group.weak.filter(Boolean).length, group.axes.length);

/** Number of stored entries; `extents[a]` is the number of values of slot a. */
export const arrayLength = (slots: readonly Pick<Slot, "order">[], extents: readonly number[]): number =>
  storageGroups(slots).reduce((length, g) => length * groupLength(g, extents[g.axes[0]!]!), 1);

/**
 * Offset of an entry. `positions[a]` counts from 0 (subscript − lower bound of the range). Within an ordered group they must
 * be sorted as declared. Returns −1 for a position that is not stored (out of its range, or out of order).
 */
export function packedOffset(slots: readonly Pick<Slot, "order">[], extents: readonly number[], positions: readonly number[]): number {
  let offset = 0;
  for (const group of storageGroups(slots)) {
    const extent = extents[group.axes[0]!]!;
    const rank = groupRank(group, extent, group.axes.map((a) => positions[a]!));
    if (rank < 0) return -1;
    offset = offset * groupLength(group, extent) + rank;
  }
  return offset;
}

function groupRank(group: SlotGroup, extent: number, sorted: readonly number[]): number {
  const g = group.axes.length;
  const size = extent + group.weak.filter(Boolean).length;
  let shift = 0;
  let after = 0;
  let previous = -1;
  for (let k = 0; k < g; k++) {
    const x = sorted[k]!;
    if (!(x >= 0 && x < extent)) return -1;
    if (k > 0 && group.weak[k - 1]) shift++;
    const strict = x + shift;
    if (k > 0 && strict <= previous) return -1;
    // Tuples that agree so far and are larger here.
    after += binomial(size - 1 - strict, g - k);
    previous = strict;
  }
  return binomial(size, g) - 1 - after;
}

/**
 * Where the entries of an array stand, as integer expressions: the convention of compiler/ir/layout.ts (free axes row-major, ordered
 * groups packed as sorted tuples in lexicographic order), with sizes that are not known yet.
 */
import { storageGroups } from "../ir/layout.ts";
import type { Slot } from "../ir/program.ts";
import { binomial, constantValue, integerAtom, integerConstant, integerDifference, integerProduct, integerSum } from "./integer.ts";
import type { Integer } from "./integer.ts";
import type { Sizes } from "./sizes.ts";

export interface Layout {
  readonly slots: readonly Slot[];
  /** In storage order. */
  readonly groups: readonly AxisGroup[];
  /** Number of entries. */
  readonly length: Integer;
}

/** One plain axis, or several ordered ones. */
export interface AxisGroup {
  /** Its slot numbers. */
  readonly axes: readonly number[];
  /** For each axis after the first, whether it may equal the one before. */
  readonly weak: readonly boolean[];
  /** Number of values of each of its slots. */
  readonly size: Integer;
  /** Number of stored tuples. */
  readonly length: Integer;
}

export function layoutOf(slots: readonly Slot[], sizes: Sizes): Layout {
  const groups = storageGroups(slots).map(({ axes, weak }): AxisGroup => {
    const size = sizes.count(slots[axes[0]!]!.range);
    return { axes, weak, size, length: binomial(distinctSize(size, weak), axes.length) };
  });
  return { slots, groups, length: groups.map((g) => g.length).reduce(integerProduct, integerConstant(1)) };
}

/** Tuples i <= j <= k of n values are triples of distinct ones of n + 2, by adding 0, 1, 2. */
const distinctSize = (size: Integer, weak: readonly boolean[]): Integer => integerSum(size, integerConstant(weak.filter(Boolean).length));

/**
 * Offset of the entry with these 0-based positions, one a slot. `sorted` says which groups are known to be in order; the
 * others are sorted first, since any order of the indices reads the same entry.
 */
export function offsetOf(layout: Layout, positions: readonly Integer[], sorted: (group: AxisGroup) => boolean): Integer {
  let offset = integerConstant(0);
  for (const group of layout.groups) {
    const own = group.axes.map((axis) => positions[axis]!);
    const rank = own.length === 1 ? own[0]! : tupleRank(group, sorted(group) ? own : sortedTuple(own));
    offset = integerSum(integerProduct(offset, group.length), rank);
  }
  return offset;
}

/** Lexicographic rank of a sorted tuple: all tuples, less this one and those after it. */
function tupleRank(group: AxisGroup, tuple: readonly Integer[]): Integer {
  const last = integerDifference(distinctSize(group.size, group.weak), integerConstant(1));
  const after = tuple.map((position, t) => {
    const distinct = integerSum(position, integerConstant(group.weak.slice(0, t).filter(Boolean).length));
    return binomial(integerDifference(last, distinct), tuple.length - t);
  });
  return after.reduce(integerDifference, integerDifference(group.length, integerConstant(1)));
}

/** Insertion sort by compare-exchange; positions whose order is known need no comparison. */
function sortedTuple(positions: readonly Integer[]): readonly Integer[] {
  const tuple = [...positions];
  for (let end = tuple.length - 1; end > 0; end--) {
    for (let k = 0; k < end; k++) {
      const [left, right] = [tuple[k]!, tuple[k + 1]!];
      const gap = constantValue(integerDifference(right, left));
      if (gap !== undefined && gap >= 0) continue;
      tuple[k] = gap !== undefined ? right : integerAtom({ kind: "minimum", left, right });
      tuple[k + 1] = gap !== undefined ? left : integerAtom({ kind: "maximum", left, right });
    }
  }
  return tuple;
}

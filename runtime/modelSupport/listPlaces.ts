/** One slot of an array: its first index value and how many it has. */
interface SlotExtent { readonly lowest: number; readonly count: number }

/**
 * Lists the places of each value of an array of integers, sorted by value and then in the order of storage (a counting sort).
 *
 * @param values row-major over `slots`; entries below `lowest`, or with no row, are in no list
 * @param lowest the value of the first row
 * @param starts one entry a row and one more: starts[r] is the place, from 1, where the row of lowest + r begins, and where the one before ends
 * @param places for each slot its index value at each place; as long as `values`
 */
export function listPlaces(values: Float64Array, slots: readonly SlotExtent[], lowest: number, starts: Float64Array, places: readonly Float64Array[]): void {
  const rows = starts.length - 1;
  starts.fill(0);
  const hasRow = (value: number): boolean => value >= lowest && value < lowest + rows;
  for (const value of values) if (hasRow(value)) starts[value - lowest + 1]!++;
  starts[0] = 1;
  for (let r = 0; r < rows; r++) starts[r + 1]! += starts[r]!;
  const next = starts.slice();
  for (let k = 0; k < values.length; k++) {
    if (!hasRow(values[k]!)) continue;
    const place = next[values[k]! - lowest]!++ - 1;
    let rest = k;
    for (let axis = slots.length - 1; axis >= 0; axis--) {
      const { lowest: first, count } = slots[axis]!;
      places[axis]![place] = first + (rest % count);
      rest = Math.floor(rest / count);
    }
  }
}

/**
 * A packed array as a dense one: a slot with an order forms a group with the slots before it, of which only sorted tuples are stored, in
 * lexicographic order, free axes first. Every order of the subscripts reads the same entry; what has none is 0.
 *
 * @param lengths number of values of each slot
 * @param orders relation of each slot to the one before it; null begins a group
 * @throws Error ("internal: …") if `packed` has not as many entries as these slots
 */
export function densify(packed: Float64Array, lengths: readonly number[], orders: readonly ("<" | "<=" | null)[]): Float32Array {
  const wrong = (entries: number): Error => new Error(`internal: a packed array has ${packed.length} entries where its slots say ${entries}`);
  const size = lengths.reduce((product, n) => product * n, 1);
  if (orders.every((order) => order === null)) {
    if (packed.length !== size) throw wrong(size);
    return Float32Array.from(packed);
  }
  const groups: number[][] = [];
  orders.forEach((order, slot) => (order === null ? groups.push([slot]) : groups.at(-1)!.push(slot)));
  const stored = [...groups.filter((g) => g.length === 1), ...groups.filter((g) => g.length > 1)];
  const strides = lengths.map((_, slot) => lengths.slice(slot + 1).reduce((product, n) => product * n, 1));
  const dense = new Float32Array(size);
  let next = 0;

  /** Offsets of one group's tuple in all orders, on top of `offsets`; `values` are those of the group's slots so far. */
  const walk = (group: number, values: readonly number[], offsets: readonly number[]): void => {
    const slots = stored[group];
    if (slots === undefined) {
      for (const offset of offsets) dense[offset] = packed[next]!;
      next++;
      return;
    }
    const slot = slots[values.length];
    if (slot === undefined) {
      const places = permutations(values).map((order) => order.reduce((sum, value, k) => sum + value * strides[slots[k]!]!, 0));
      return walk(group + 1, [], offsets.flatMap((offset) => places.map((place) => offset + place)));
    }
    const first = orders[slot] === null ? 0 : values.at(-1)! + (orders[slot] === "<" ? 1 : 0);
    for (let value = first; value < lengths[slot]!; value++) walk(group, [...values, value], offsets);
  };
  walk(0, [], [0]);
  if (next !== packed.length) throw wrong(next);
  return dense;
}

function permutations(values: readonly number[]): readonly (readonly number[])[] {
  if (values.length < 2) return [values];
  return values.flatMap((value, k) => permutations([...values.slice(0, k), ...values.slice(k + 1)]).map((rest) => [value, ...rest]));
}

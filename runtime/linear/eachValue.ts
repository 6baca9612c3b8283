/** Calls of functions of arrays for each value of some indices: row-major, the last index fastest. */

/** `call` for each of `count` blocks of the arguments and of the result. */
export function eachBlock(count: number, given: readonly Float64Array[], result: Float64Array, call: (blocks: readonly Float64Array[], out: Float64Array, number: number) => void): void {
  const block = (of: Float64Array, k: number): Float64Array => of.subarray((k * of.length) / count, ((k + 1) * of.length) / count);
  for (let k = 0; k < count; k++) call(given.map((array) => block(array, k)), block(result, k), k);
}

/** `call` for each tuple of values in `ranges` (lower and upper ends), which stands in `selected` before each. */
export function eachValue(ranges: readonly (readonly [number, number])[], selected: readonly Float64Array[], result: Float64Array, call: (out: Float64Array) => void): void {
  const count = ranges.reduce((product, [lower, upper]) => product * Math.max(0, upper - lower + 1), 1);
  const length = result.length / count;
  for (let k = 0; k < count; k++) {
    let rest = k;
    for (let axis = ranges.length - 1; axis >= 0; axis--) {
      const [lower, upper] = ranges[axis]!;
      const size = upper - lower + 1;
      selected[axis]![0] = lower + (rest % size);
      rest = Math.floor(rest / size);
    }
    call(result.subarray(k * length, (k + 1) * length));
  }
}

/** `call` with other values in the place of parts of the state, which come back afterwards. */
export function atStates(places: readonly (readonly [Float64Array, Float64Array])[], call: () => void): void {
  const own = places.map(([state]) => state.slice());
  const values = places.map(([, from]) => from.slice());
  places.forEach(([state], k) => state.set(values[k]!));
  call();
  places.forEach(([state], k) => state.set(own[k]!));
}

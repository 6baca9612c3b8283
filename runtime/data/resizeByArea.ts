/**
 * Images of rows × columns pixels as side × side ones: each new pixel is the mean of the old ones over its area, pixels at the
 * border counting by the part that lies inside. The mean of an image stays the same.
 */
export function resizeByArea(images: Float64Array, count: number, rows: number, columns: number, side: number): Float64Array {
  const [down, across] = [weights(rows, side), weights(columns, side)];
  const out = new Float64Array(count * side * side);
  const narrow = new Float64Array(rows * side);
  for (let image = 0; image < count; image++) {
    const first = image * rows * columns;
    for (let r = 0; r < rows; r++) for (let x = 0; x < side; x++) {
      let sum = 0;
      for (const [c, weight] of across[x]!) sum += weight * images[first + r * columns + c]!;
      narrow[r * side + x] = sum;
    }
    for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) {
      let sum = 0;
      for (const [r, weight] of down[y]!) sum += weight * narrow[r * side + x]!;
      out[(image * side + y) * side + x] = sum;
    }
  }
  return out;
}

/** For each new pixel, the old ones under it with their share of its length; each list sums to 1. */
function weights(length: number, side: number): readonly (readonly (readonly [number, number])[])[] {
  const scale = length / side;
  return Array.from({ length: side }, (_, k) => {
    const [from, to] = [k * scale, (k + 1) * scale];
    const inside: (readonly [number, number])[] = [];
    for (let p = Math.floor(from); p < Math.min(length, Math.ceil(to)); p++) {
      const overlap = Math.min(to, p + 1) - Math.max(from, p);
      if (overlap > 0) inside.push([p, overlap / scale]);
    }
    return inside;
  });
}

/** The discrete Fourier transform of 2^k complex numbers in place, real and imaginary parts apart: Cooley and Tukey, Math. Comp. 19, 297 (1965). The inverse is not divided by the length. */
export function fourier(re: Float64Array, im: Float64Array, inverse = false): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  const { cosines, sines } = waves(n);
  const sign = inverse ? 1 : -1;
  for (let half = 1; half < n; half *= 2) {
    const stride = n / (2 * half);
    for (let start = 0; start < n; start += 2 * half) for (let k = 0; k < half; k++) {
      const c = cosines[k * stride]!, s = sign * sines[k * stride]!, a = start + k, b = a + half;
      const x = re[b]! * c - im[b]! * s, y = re[b]! * s + im[b]! * c;
      re[b] = re[a]! - x;
      im[b] = im[a]! - y;
      re[a] = re[a]! + x;
      im[a] = im[a]! + y;
    }
  }
}

const known = new Map<number, { readonly cosines: Float64Array; readonly sines: Float64Array }>();

function waves(n: number): { readonly cosines: Float64Array; readonly sines: Float64Array } {
  let made = known.get(n);
  if (!made) {
    const angles = Float64Array.from({ length: n / 2 }, (_, k) => (2 * Math.PI * k) / n);
    known.set(n, (made = { cosines: angles.map(Math.cos), sines: angles.map(Math.sin) }));
  }
  return made;
}

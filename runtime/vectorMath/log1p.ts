import { log } from "./log.ts";
import type { VectorFunction } from "../webassembly/vectorFunction.ts";

/**
 * log(1 + x) = log(w) + (x − (w − 1))/w with w = 1 + x rounded: the second term gives back what rounding took (fdlibm s_log1p.c). At w = inf the
 * logarithm stands alone, and at x = −1 it is −inf.
 */
export const log1p: VectorFunction = {
  name: "log1p", ulps: 3, uses: [log],
  body: (b, x) => {
    const w = b.keep(b.add(x, b.constant(1)));
    const correction = b.div(b.sub(x, b.sub(w, b.constant(1))), w);
    const logarithm = b.keep(b.call(log, w));
    const finite = b.and(b.less(b.constant(0), w), b.less(w, b.constant(Infinity)));
    const sum = b.keep(b.choose(finite, b.add(logarithm, correction), logarithm));
    // Keeps the sign of −0 and the gradual underflow of tiny arguments.
    return b.choose(b.less(b.abs(x), b.constant(2 ** -54)), x, sum);
  },
};

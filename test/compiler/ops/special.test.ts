/** Special functions against values computed with 60 digits (mpmath 1.3). */
import { describe, expect, test } from "vitest";
import * as special from "../../../runtime/special/index.ts";

const near = (value: number, reference: number, relative: number): void => {
  expect(Math.abs(value - reference), `${value} for ${reference}`).toBeLessThanOrEqual(relative * Math.abs(reference));
};

// x, erf x, erfc x, exp(x²) erfc x
const errorValues: readonly (readonly [number, number, number, number])[] = [
  [-5.5, -0.999999999999992642, 1.99999999999999264, 27443409954929.7097],
  [-3.1, -0.9999883513426328, 1.9999883513426328, 29826.1664561365483],
  [-1, -0.842700792949714869, 1.84270079294971487, 5.00898008076228347],
  [-0.46875, -0.492613473217937992, 1.49261347321793799, 1.85940241687142215],
  [-0.3, -0.328626759459127416, 1.32862675945912742, 1.45374923284276555],
  [-1e-9, -1.12837916709551264e-9, 1.00000000112837917, 1.00000000112837917],
  [1e-12, 1.12837916709551255e-12, 0.999999999998871621, 0.999999999998871621],
  [0.2, 0.222702589210478466, 0.777297410789521534, 0.809019519901580733],
  [0.46875, 0.492613473217937992, 0.507386526782062008, 0.632069689249556078],
  [0.47, 0.493745050886082112, 0.506254949113917888, 0.631400516660034318],
  [0.9, 0.79690821242283214, 0.20309178757716786, 0.456531651323117033],
  [1.7, 0.983790458590774561, 0.0162095414092254392, 0.291663297075343473],
  [2.5, 0.999593047982555041, 0.00040695201744495894, 0.210806364061143581],
  [3.999, 0.999999984455250509, 1.55447494909949915e-8, 0.137031848598271205],
  [4.001, 0.999999984709217827, 1.52907821732487315e-8, 0.136967081582718791],
  [5.5, 0.999999999999992642, 7.35784791797439806e-15, 0.100962218399499088],
  [8, 1.0, 1.12242971729829271e-29, 0.0699851662008809277],
  [12.25, 1.0, 3.09412674054020985e-67, 0.0459043444549499017],
  [20, 1.0, 5.39586561160790093e-176, 0.0281743487410513193],
  [26.5, 1.0, 2.21090766426373428e-307, 0.021275046685371106],
];

test.each(errorValues)("erf, erfc and erfcx at %d", (x, erf, erfc, erfcx) => {
  near(special.erf(x), erf, 4e-16);
  near(special.erfc(x), erfc, 1e-15);
  near(special.erfcx(x), erfcx, 1e-15);
});

// x, Φ(x), log Q(x)
const gaussianValues: readonly (readonly [number, number, number])[] = [
  [-12, 1.776482112077679e-33, -1.776482112077679e-33],
  [-3, 0.00134989803163009453, -0.0013508099647481938],
  [-0.7, 0.241963652223073029, -0.277023942277131263],
  [-0.1, 0.460172162722971016, -0.616505010115026289],
  [0, 0.5, -0.693147180559945309],
  [0.3, 0.617911422188952633, -0.962102818168850657],
  [0.51, 0.694974269102480586, -1.18735914233470936],
  [1, 0.841344746068542949, -1.84102164500926351],
  [4, 0.99996832875816688, -10.3601014865272908],
  [9, 1.0, -43.6281491133321155],
  [30, 1.0, -454.321243956343197],
  [100, 1.0, -5005.52420869420509],
  [1e4, 1.0, -50000010.1292789152],
];

test.each(gaussianValues)("the normal distribution at %d", (x, cdf, logTail) => {
  // x/√2 is rounded before the exponential of its square: x² units in the last place.
  const rounding = 1e-15 + 3e-16 * x * x;
  near(special.gaussCdf(x), cdf, rounding);
  near(special.gaussTail(-x), cdf, rounding);
  near(special.logGaussTail(x), logTail, 1e-15 + (x < 0 ? rounding : 0));
  near(special.logGaussCdf(-x), logTail, 1e-15 + (x < 0 ? rounding : 0));
});

describe("limits", () => {
  test("infinities and NaN", () => {
    expect([special.erf(Infinity), special.erf(-Infinity), special.erfc(Infinity), special.erfc(-Infinity), special.erfcx(Infinity), special.erfcx(-Infinity)]).toEqual([1, -1, 0, 2, 0, Infinity]);
    for (const f of [special.erf, special.erfc, special.erfcx, special.gaussCdf, special.logGaussTail, special.sigmoid, special.softplus]) expect(f(NaN)).toBeNaN();
  });
  test("sigmoid and softplus neither overflow nor lose their tails", () => {
    expect([special.sigmoid(1000), special.sigmoid(-1000), special.softplus(1000), special.softplus(-1000)]).toEqual([1, 0, 1000, 0]);
    near(special.sigmoid(-50), 1.92874984796391778e-22, 4e-16);
    near(special.softplus(-50), 1.92874984796391778e-22, 4e-16);
    near(special.softplus(0.3), 0.854355244468527112, 4e-16);
  });
  test("modulo has the sign of the divisor", () => {
    expect([special.modulo(-1, 5), special.modulo(5, 5), special.modulo(1, -5), special.modulo(-6, -5), special.modulo(7.5, 2)]).toEqual([4, 0, -4, -1, 1.5]);
  });
});

/** Coefficients of fdlibm (Sun Microsystems, 1993: e_log.c, k_sin.c, k_cos.c), lowest power first. */

/** Upper and lower part of log 2; multiples of the upper one by integers below 2^11 are exact. */
export const LOG_2_HIGH = 6.9314718036912381649e-1;
export const LOG_2_LOW = 1.90821492927058770002e-10;
/** R(s²)/s² in log(1 + f) = f − f²/2 + s (f²/2 + R(s²)), s = f/(2 + f). */
export const LOGARITHM = [
  6.66666666666673513e-1, 3.999999999940941908e-1, 2.857142874366239149e-1, 2.222219843214978396e-1, 1.818357216161805012e-1, 1.531383769920937332e-1, 1.479819860511658591e-1,
] as const;
/** (sin(x) − x)/x³ in x². */
export const SINE = [
  -1.66666666666666324348e-1, 8.33333333332248946124e-3, -1.98412698298579493134e-4, 2.75573137070700676789e-6, -2.50507602534068634195e-8, 1.58969099521155010221e-10,
] as const;
/** (cos(x) − 1 + x²/2)/x⁴ in x². */
export const COSINE = [
  4.16666666666666019037e-2, -1.38888888888741095749e-3, 2.48015872894767294178e-5, -2.75573143513906633035e-7, 2.0875723212981748279e-9, -1.13596475577881948265e-11,
] as const;

/** log(1 + exp(x)) without overflow and with full relative accuracy in the lower tail. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

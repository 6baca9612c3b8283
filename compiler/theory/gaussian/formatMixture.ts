import type { Mixture } from "./mixture.ts";

/** Without the digits that only rounding made. */
export const short = (x: number): string => String(Number(x.toPrecision(12)));

/** `q^3`, `0.5 q^2 + 2 q^4`. */
export const formatMixture = (mixture: Mixture, name = "q"): string =>
  mixture.map(({ power, coefficient }) => {
    const monomial = power === 0 ? "" : power === 1 ? name : `${name}^${power}`;
    const number = short(coefficient);
    return monomial === "" ? number : coefficient === 1 ? monomial : `${number} ${monomial}`;
  }).join(" + ") || "0";

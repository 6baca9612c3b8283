/** A number as assumptions and equations hold it: seven digits. */
export const short = (x: number): string => String(Number(x.toPrecision(7)));

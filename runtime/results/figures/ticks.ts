import type { Axis } from "./figure.ts";
import type { Domain } from "./domain.ts";

/** A tick of an axis; a minor tick has an empty label. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Whether labels of these ticks fit beside each other on the axis. */
export type Fits = (ticks: readonly Tick[]) => boolean;

/** The ticks of an axis, as many as read well: round steps on a linear axis; powers of ten, or 1, 2, 5, on a logarithmic one. */
export function axisTicks(scale: Axis["scale"], domain: Domain, fits: Fits): readonly Tick[] {
  return scale === "log" ? logTicks(domain, fits) : linearTicks(domain, fits);
}

function linearTicks(domain: Domain, fits: Fits): readonly Tick[] {
  const width = domain[1] - domain[0];
  let ticks: readonly Tick[] = [];
  for (const count of [7, 5, 3, 2]) {
    ticks = ticksWithStep(domain, roundStep(width / count));
    if (fits(ticks)) break;
  }
  return ticks;
}

function ticksWithStep([low, high]: Domain, step: Step): readonly Tick[] {
  const size = step.digit * 10 ** step.exponent;
  const slack = 1e-9 * (high - low);
  const multiples: number[] = [];
  for (let multiple = Math.ceil((low - slack) / size); multiple * size <= high + slack; multiple++) multiples.push(multiple);
  // Through decimal text, so that 3 * 0.1 gives 0.3 and not 0.30000000000000004.
  const scaled = (multiple: number, exponent: number): number => Number(`${multiple * step.digit}e${exponent}`);
  const largest = Math.max(...multiples.map((multiple) => Math.abs(scaled(multiple, step.exponent))));
  const exponent = Math.floor(Math.log10(largest));
  // Zeros before or after the digits that matter are hard to count; then every label gets the same power of ten.
  const scientific = largest >= 1e5 || largest < 1e-3;
  const label = (multiple: number): string => {
    if (!scientific) return decimal(scaled(multiple, step.exponent), Math.max(0, -step.exponent));
    if (multiple === 0) return "0";
    return `${decimal(scaled(multiple, step.exponent - exponent), Math.max(0, exponent - step.exponent))}×${power(exponent)}`;
  };
  return multiples.map((multiple) => ({ value: scaled(multiple, step.exponent), label: label(multiple) }));
}

interface Step {
  readonly digit: 1 | 2 | 5;
  readonly exponent: number;
}

/** The smallest of 1, 2, 5 times a power of ten that is not below the given step. */
function roundStep(step: number): Step {
  const exponent = Math.floor(Math.log10(step));
  const mantissa = step / 10 ** exponent;
  if (mantissa <= 1 + 1e-9) return { digit: 1, exponent };
  if (mantissa <= 2 + 1e-9) return { digit: 2, exponent };
  if (mantissa <= 5 + 1e-9) return { digit: 5, exponent };
  return { digit: 1, exponent: exponent + 1 };
}

function logTicks(domain: Domain, fits: Fits): readonly Tick[] {
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const first = Math.floor(Math.log10(domain[0]));
  const last = Math.floor(Math.log10(domain[1]));
  const inside = (value: number): boolean => value >= domain[0] * (1 - 1e-9) && value <= domain[1] * (1 + 1e-9);
  const candidates: { value: number; digit: number; exponent: number }[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    for (const digit of digits) {
      const value = Number(`${digit}e${exponent}`);
      if (inside(value)) candidates.push({ value, digit, exponent });
    }
  }
  const plain = domain[0] >= 1e-4 && domain[1] < 1e5;
  const label = (digit: number, exponent: number): string =>
    plain ? decimal(Number(`${digit}e${exponent}`), Math.max(0, -exponent)) : digit === 1 ? power(exponent) : `${digit}×${power(exponent)}`;
  const labelled = (chosen: (digit: number, exponent: number) => boolean): readonly Tick[] =>
    candidates
      // Over many decades minor ticks within each would merge into a grey band; the powers between labels remain.
      .filter(({ digit, exponent }) => chosen(digit, exponent) || last - first <= (digit === 1 ? 40 : 8))
      .map(({ value, digit, exponent }) => ({ value, label: chosen(digit, exponent) ? label(digit, exponent) : "" }));

  const powers = [1, 2, 3, 5, 10, 20, 50, 100].map((every) => labelled((digit, exponent) => digit === 1 && exponent % every === 0));
  const choices = [
    labelled(() => true),
    labelled((digit) => digit === 1 || digit === 2 || digit === 5),
    labelled((digit) => digit === 1 || digit === 3),
    ...powers,
  ];
  // Three powers of ten say all; labels between them would only be noise.
  const enough = labelCount(powers[0]!) >= 3 ? powers : choices.filter((ticks) => labelCount(ticks) >= 2);
  const chosen = enough.find((ticks) => labelCount(ticks) <= 9 && fits(ticks));
  // With too few round values between the ends the axis is as good as linear.
  return chosen ?? (domain[1] / domain[0] < 10 ? linearTicks(domain, fits) : (enough.at(-1) ?? []));
}

function labelCount(ticks: readonly Tick[]): number {
  return ticks.filter((tick) => tick.label !== "").length;
}

function decimal(value: number, digits: number): string {
  // A true minus sign: a hyphen is too short beside digits.
  return value.toFixed(digits).replace(/^-(?=.*[1-9])/, "−").replace(/^-/, "");
}

function power(exponent: number): string {
  return "10" + [...String(exponent)].map((digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)])).join("");
}

/**
 * The runtime's half of local moves: which number is drawn for a proposal, and how a wanted value is asked for. The compiler's half is
 * `move` of compiler/library/domains; both say the same, entry by entry.
 */
import type { StateDomain } from "../model.ts";

/** The value that a move proposes. */
export function movedValue({ name, arguments: [a, b] }: StateDomain, entry: number, drawn: number): number {
  switch (name) {
    case "spin": return -entry;
    case "bit": return 1 - entry;
    case "potts": return 1 + around(entry - 1 + drawn, a!);
    case "interval": return mirrored(entry + drawn, a!, b!);
    case "angle": return around(entry + drawn, 2 * Math.PI);
    default: return entry + drawn;
  }
}

const around = (x: number, period: number): number => (x < 0 ? x + period : x >= period ? x - period : x);
const mirrored = (x: number, low: number, high: number): number => (x < low ? 2 * low - x : x > high ? 2 * high - x : x);

/** The values of a finite domain in ascending order; undefined for a continuous one. */
export function domainValues({ name, arguments: [q] }: StateDomain): readonly number[] | undefined {
  switch (name) {
    case "spin": return [-1, 1];
    case "bit": return [0, 1];
    case "potts": return Array.from({ length: q! }, (_, k) => k + 1);
    default: return undefined;
  }
}

/** The numbers with which moves take an entry of a finite domain to each of its other values. */
export function drawsOf({ name, arguments: [q] }: StateDomain): readonly number[] {
  return name === "potts" ? Array.from({ length: q! - 1 }, (_, k) => k + 1) : [0];
}

/** The number with which a move takes an entry of a finite domain to another value of it. */
export function drawFor({ name, arguments: [q] }: StateDomain, entry: number, wanted: number): number {
  return name === "potts" ? (wanted - entry + q!) % q! : 0;
}

/** The proposal for a uniform number u in (0, 1): any other value of a finite domain, or a step up to `width` to either side. */
export function drawUniformly(domain: StateDomain, u: number, width: number): number {
  switch (domain.name) {
    case "spin": case "bit": return 0;
    case "potts": return domain.arguments[0]! < 2 ? 0 : 1 + Math.floor((domain.arguments[0]! - 1) * u);
    default: return Math.min(width, longestMove(domain)) * (2 * u - 1);
  }
}

/** The longest step of a continuous variable: a longer one would leave what one mirror, or one turn, brings back. */
export function longestMove({ name, arguments: [a, b] }: StateDomain): number {
  switch (name) {
    case "interval": return b! - a!;
    case "angle": return Math.PI;
    default: return Infinity;
  }
}

/** Whether a variable has finitely many values. */
export const isDiscrete = ({ name }: StateDomain): boolean => name === "spin" || name === "bit" || name === "potts";

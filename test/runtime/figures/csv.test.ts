import { describe, expect, it } from "vitest";
import { figureCsv } from "../../../runtime/results/figures/csv.ts";
import type { Figure } from "../../../runtime/results/figures/figure.ts";

const awkward = [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, -1e-7, 1e21, 0];

const figure: Figure = {
  name: "figure",
  x: { label: "x", scale: "linear" },
  y: { label: "y", scale: "linear" },
  series: [
    { kind: "line", label: 'E, "the" energy', x: awkward, y: [...awkward].reverse() },
    { kind: "points", label: "run", x: [1, 2], y: [Number.NaN, 4], error: [1, 0.25], xError: [0.5, 0] },
    { kind: "histogram", label: "h", edges: [0, 0.5, 1.5], density: [0.6, 0.7], count: [3, 7] },
  ],
  verticals: [{ label: "c", value: -1.633 }],
};

describe("figureCsv", () => {
  const rows = figureCsv(figure).trimEnd().split("\n");

  it("has one row a value under a fixed header", () => {
    expect(rows[0]).toBe("kind,series,x,x_end,y,error,count,x_error");
    expect(rows.slice(8)).toEqual(["points,run,1,,,1,,0.5", "points,run,2,,4,0.25,,0", "histogram,h,0,0.5,0.6,,3,", "histogram,h,0.5,1.5,0.7,,7,", "vertical,c,-1.633,,,,,"]);
  });

  it("prints numbers that read back exactly, beside quoted labels", () => {
    const read = rows.slice(1, 8).map((row) => {
      const [, x, y] = /^line,"E, ""the"" energy",([^,]*),,([^,]*),,,$/.exec(row)!;
      return [Number(x), Number(y)];
    });
    expect(read).toEqual(awkward.map((x, i) => [x, awkward.at(-1 - i)!]));
  });
});

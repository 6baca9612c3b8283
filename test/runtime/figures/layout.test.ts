import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textWidth } from "../../../runtime/results/figures/font.ts";
import { axisTicks } from "../../../runtime/results/figures/ticks.ts";
import { placeVerticalLabels } from "../../../runtime/results/figures/verticalLabels.ts";

const always = () => true;
const labels = (scale: "linear" | "log", low: number, high: number): string[] =>
  axisTicks(scale, [low, high], always).map((tick) => tick.label).filter((label) => label !== "");

describe("axisTicks", () => {
  it("writes numbers as a physicist would", () => {
    expect(labels("linear", -1.68, -1.63)).toEqual(["−1.68", "−1.67", "−1.66", "−1.65", "−1.64", "−1.63"]);
    expect(labels("linear", -0.5, 0.5)).toEqual(["−0.4", "−0.2", "0.0", "0.2", "0.4"]);
    expect(labels("linear", 0, 2.5e6)).toEqual(["0", "0.5×10⁶", "1.0×10⁶", "1.5×10⁶", "2.0×10⁶", "2.5×10⁶"]);
    expect(labels("linear", 1.24e-7, 1.26e-7)).toContain("1.250×10⁻⁷");
    expect(labels("log", 1e-4, 1)).toEqual(["0.0001", "0.001", "0.01", "0.1", "1"]);
    expect(labels("log", 1e-6, 1e-2)).toEqual(["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²"]);
    expect(labels("log", 0.02, 4)).toEqual(["0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"]);
    expect(labels("log", 1.02, 1.9)).toEqual(["1.2", "1.4", "1.6", "1.8"]);
    expect(labels("log", 1e-30, 1e30).length).toBeLessThan(10);
  });

  it("stays on the axis, with at least two labels, whatever the domain", () => {
    const magnitude = fc.double({ min: -12, max: 12, noNaN: true });
    const width = fc.double({ min: -3, max: 10, noNaN: true });
    fc.assert(
      fc.property(magnitude, width, fc.boolean(), (start, decades, negative) => {
        const low = 10 ** start;
        const high = low * (1 + 10 ** decades);
        const domain = negative ? ([-high, -low] as const) : ([low, high] as const);
        for (const scale of negative ? (["linear"] as const) : (["linear", "log"] as const)) {
          const ticks = axisTicks(scale, domain, always);
          const span = high - low;
          expect(ticks.filter((tick) => tick.label !== "").length).toBeGreaterThanOrEqual(2);
          expect(ticks.every(({ value }) => value >= domain[0] - 1e-8 * span && value <= domain[1] + 1e-8 * span)).toBe(true);
          const shown = ticks.map((tick) => tick.label).filter((label) => label !== "");
          expect(new Set(shown).size).toBe(shown.length);
        }
      }),
    );
  });
});

describe("placeVerticalLabels", () => {
  it("puts two close labels on either side of their lines, in one row", () => {
    expect(placeVerticalLabels([{ label: "b", x: 110, width: 90 }, { label: "a", x: 100, width: 90 }], 440)).toEqual([
      { label: "a", x: 100, row: 0, align: "right" },
      { label: "b", x: 110, row: 0, align: "left" },
    ]);
  });

  it("lets no label touch another label or the line of another", () => {
    const vertical = fc.record({ label: fc.string(), x: fc.integer({ min: 0, max: 440 }), width: fc.integer({ min: 10, max: 200 }) });
    fc.assert(
      fc.property(fc.uniqueArray(vertical, { selector: ({ x }) => x, maxLength: 6 }), (verticals) => {
        const placed = placeVerticalLabels(verticals, 440);
        expect(placed).toHaveLength(verticals.length);
        const boxes = placed.map((one) => {
          const { width } = verticals.find(({ x }) => x === one.x)!;
          return { ...one, from: one.align === "left" ? one.x : one.x - width, to: one.align === "left" ? one.x + width : one.x };
        });
        for (const one of boxes) {
          for (const other of boxes) {
            if (one === other) continue;
            // The line of a label passes its own row and all rows below.
            if (other.row >= one.row) expect(other.x <= one.from || other.x >= one.to).toBe(true);
            if (other.row === one.row) expect(other.from >= one.to || other.to <= one.from).toBe(true);
          }
        }
      }),
    );
  });
});

describe("textWidth", () => {
  it("reads the shipped font", () => {
    // DejaVu Sans: 2048 units per em, a digit 1303, "i" 569; a superscript minus exists.
    expect(textWidth("00", 2048)).toBe(2 * 1303);
    expect(textWidth("i", 2048)).toBe(569);
    expect(textWidth("⁻", 10)).not.toBe(textWidth("\u{10FFFF}", 10));
    expect(textWidth("", 10)).toBe(0);
  });
});

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkFigure } from "../../../runtime/results/figures/checkFigure.ts";
import type { Figure, Series } from "../../../runtime/results/figures/figure.ts";
import { type RenderedFigure, renderFigure } from "../../../runtime/results/figures/render.ts";
import { writeFigure } from "../../../runtime/results/figures/write.ts";
import * as samples from "./samples.ts";

async function rendered(figure: Figure): Promise<RenderedFigure & { readonly png: Uint8Array }> {
  const result = await renderFigure(figure);
  if (!result.ok) throw new Error(result.message);
  const { png } = result.value;
  if ("missing" in png) throw new Error(png.missing);
  return { ...result.value, png };
}

function figureOf(series: Series[], change: Partial<Figure> = {}): Figure {
  const linear = { label: "x", scale: "linear" as const };
  return { name: "figure", x: linear, y: { ...linear, label: "y" }, series, verticals: [], ...change };
}

const log = { label: "T", scale: "log" as const };
const line = (x: number[], y: number[], label = "theory"): Series => ({ kind: "line", label, x, y });

/** One figure for each thing that could make Vega complain, beyond the samples. */
const cases: Readonly<Record<string, Figure>> = {
  "a single point without error": figureOf([{ kind: "points", label: "y", x: [5], y: [0] }]),
  "errors beyond the low end of a log axis": figureOf([{ kind: "points", label: "y", x: [1, 10], y: [1e-9, 1e3], error: [2e-9, 1e2] }], { x: log, y: log }),
  "a constant up to rounding": figureOf([line([1, 1 + 2 ** -52], [-1, -1 + 2 ** -53])]),
  "a constant up to rounding on log axes": figureOf([line([1, 1 + 2 ** -52], [1e9, 1e9 + 2e-7])], { x: log, y: log }),
  "gaps in x, y and error": figureOf([
    line([0, Number.NaN, 2, 3], [1, 2, Number.NaN, Infinity]),
    { kind: "points", label: "run", x: [0, 1, 2], y: [1, -Infinity, 3], error: [Number.NaN, 1, Infinity] },
  ]),
  "a gap at zero on a log axis": figureOf([line([0, 1, 2], [Number.NaN, 3, 4])], { x: log }),
  "empty bins on a log axis": figureOf([{ kind: "histogram", label: "h", edges: [0, 1, 2, 3, 4], density: [0, 0.7, 0, 0.3] }], { y: log }),
  "a gap in a histogram": figureOf([{ kind: "histogram", label: "h", edges: [0, 1, 2, 3], density: [0.5, Number.NaN, 0.5] }]),
  "thirty curves": figureOf(Array.from({ length: 30 }, (_, i) => line([0, 1e7], [i, -i * 1e-6], `a, "b" & <c> ${i}`))),
  "labels that read like expressions of Vega": figureOf([line([1, 2], [1, 2], "datum['x'] + \\' \"")], {
    title: "signal('x')",
    x: { label: "[0]\\'s", unit: "k_B T", scale: "linear" },
    verticals: [{ label: "a.b[0]'", value: 1.5 }],
  }),
  "a formula longer than its axis": figureOf([line([1, 2], [1e-9, 3e-9], "variance(Equipartition.U) / mean(Thermal.L) at (T = 0.2, P = 100)")], {
    y: { label: "2 * variance(Equipartition.U) / (mean(Thermal.L) at (T = 0.2, P = 100))", scale: "linear" },
  }),
};

describe("every sample and special case", () => {
  for (const [what, figure] of [...Object.entries(samples), ...Object.entries(cases)]) {
    // renderFigure throws on any warning of Vega or Vega-Lite.
    it(`${what} is drawn without a warning, twice the same`, async () => {
      const first = await rendered(figure);
      await rendered(samples.thermal); // what was drawn in between must not matter
      const second = await rendered(figure);
      expect(second.svg).toBe(first.svg);
      expect(second.png).toEqual(first.png);
      expect(second.json).toEqual(first.json);
      expect(first.svg).not.toMatch(/NaN|undefined|Infinity/);
      // Reports put many figures into one page: identifiers would clash.
      expect(first.svg).not.toContain(" id=");
    });
  }
});

describe("the PNG", () => {
  it("has the signature and twice the size of the SVG", async () => {
    const { svg, png } = await rendered(samples.minima);
    expect([...png.slice(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
    const header = Buffer.from(png);
    expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([2 * width!, 2 * height!]);
    expect(Math.abs(width! - 520)).toBeLessThan(80);
    expect(Math.abs(height! - 340)).toBeLessThan(40);
  });

  it("has text: another label gives other pixels", async () => {
    const one = await rendered(samples.complexity);
    const other = await rendered({ ...samples.complexity, x: { ...samples.complexity.x, label: "v" } });
    expect(Buffer.from(one.png).equals(Buffer.from(other.png))).toBe(false);
  });
});

describe("the drawing", () => {
  it("breaks a curve at a gap and keeps an isolated value as a dot", async () => {
    const { svg } = await rendered(figureOf([line([0, 1, 2, 3, 4, 5, 6], [0, 1, Number.NaN, 3, Number.NaN, 5, 6])]));
    const path = /mark-line.*?<path[^>]* d="([^"]*)"/.exec(svg)![1]!;
    expect(path.match(/M/g)).toHaveLength(3);
    expect(svg).toContain('class="mark-symbol role-mark');
  });

  it("draws the points of a curve in the order given: branches fold back", async () => {
    const { svg } = await rendered(figureOf([line([0, 2, 1], [0, 1, 2])]));
    const path = /mark-line.*?<path[^>]* d="([^"]*)"/.exec(svg)![1]!;
    expect(path).toBe("M0,267.273L440,140L220,12.727");
  });

  it("shows labels of series, axes with units and verticals", async () => {
    const { svg } = await rendered({ ...samples.thermal, verticals: [{ label: "T_c", value: 0.1 }] });
    for (const text of ["20", "100", "400", "P", "T (J)", "T_c", "Thermal landscape"]) expect(svg).toContain(`>${text}</text>`);
  });

  it("has no legend where the y axis says it all", async () => {
    expect((await rendered(figureOf([line([0, 1], [0, 1], "y")]))).svg).not.toContain("role-legend");
    expect((await rendered(figureOf([line([0, 1], [0, 1], "z")]))).svg).toContain("role-legend");
  });
});

describe("a figure that cannot be drawn", () => {
  const cannot: readonly (readonly [RegExp, Figure])[] = [
    [/the x axis is logarithmic, but series "theory" has T = 0/, figureOf([line([0, 1], [1, 2])], { x: log })],
    [/the y axis is logarithmic, but series "theory" has T = -2/, figureOf([line([1, 2], [1, -2])], { y: log })],
    [/the x axis is logarithmic, but the vertical line "c" is at 0/, figureOf([line([1, 2], [1, 2])], { x: log, verticals: [{ label: "c", value: 0 }] })],
    [/no finite value/, figureOf([line([1, 2], [Number.NaN, Infinity])])],
    [/no finite value/, figureOf([])],
    [/vertical line "c" is at NaN/, figureOf([line([1, 2], [1, 2])], { verticals: [{ label: "c", value: Number.NaN }] })],
    [/2 x values for 1 y values/, figureOf([line([1, 2], [1])])],
    [/2 edges for 2 bins/, figureOf([{ kind: "histogram", label: "h", edges: [0, 1], density: [1, 2] }])],
    [/edges that do not increase/, figureOf([{ kind: "histogram", label: "h", edges: [0, 1, 1], density: [1, 2] }])],
    [/a name may hold/, figureOf([line([1, 2], [1, 2])], { name: "../up" })],
  ];
  for (const [message, figure] of cannot) {
    it(`says why: ${message.source}`, async () => {
      expect(checkFigure(figure)).toMatch(message);
      expect(await renderFigure(figure)).toEqual({ ok: false, message: checkFigure(figure) });
    });
  }
});

describe("loading", () => {
  it("leaves the drawing libraries to render.ts, on first use", async () => {
    const folder = new URL("../../../runtime/results/figures/", import.meta.url);
    for (const file of await readdir(folder)) {
      const source = await readFile(new URL(file, folder), "utf8");
      expect(source, file).not.toMatch(/^import (?!type ).*"(vega|vega-lite|@resvg\/resvg-js)"/m);
      if (file !== "render.ts") expect(source, file).not.toMatch(/import\(|from "(vega|vega-lite|@resvg\/resvg-js)"/);
    }
  });
});

describe("writeFigure", () => {
  it("writes the four files, and nothing for a figure that cannot be drawn", async () => {
    const directory = await mkdtemp(join(tmpdir(), "quench-figures-"));
    try {
      const result = await writeFigure(join(directory, "figures"), samples.complexity);
      expect(result.ok && result.value).toMatchObject({ paths: { length: 4 }, notes: [] });
      const files = await readdir(join(directory, "figures"));
      expect(files.sort()).toEqual(["csv", "json", "png", "svg"].map((extension) => `loss-surfaces-2.${extension}`));
      const { svg, json, csv } = await rendered(samples.complexity);
      const read = (extension: string) => readFile(join(directory, "figures", `loss-surfaces-2.${extension}`), "utf8");
      expect(await read("svg")).toBe(svg);
      expect(await read("csv")).toBe(csv);
      expect(JSON.parse(await read("json"))).toEqual(json);

      const empty = await writeFigure(join(directory, "none"), figureOf([]));
      expect(empty.ok).toBe(false);
      expect(await readdir(directory)).toEqual(["figures"]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

import type { TopLevelSpec } from "vega-lite";
import { messageOf } from "../../messageOf.ts";
import { checkFigure } from "./checkFigure.ts";
import { figureCsv } from "./csv.ts";
import type { Figure, FigureResult } from "./figure.ts";
import { fontFile, shippedFontName, textWidth } from "./font.ts";
import { vegaLite } from "./vegaLite.ts";

/** A figure in every form it is saved in. */
export interface RenderedFigure {
  readonly svg: string;
  /** Two pixels for each unit of the SVG; or why there is none: the package that makes them is a binary, which not every machine has. */
  readonly png: Uint8Array | { readonly missing: string };
  /** The Vega-Lite specification, for editing by hand. */
  readonly json: object;
  readonly csv: string;
}

/**
 * Renders a figure; the same figure gives the same bytes on every machine. What the spec's author can mend (a zero on a log
 * axis) comes back as a message. A warning of Vega means that our specification is wrong, so it throws.
 * The only file that imports vega, vega-lite and resvg, on first use: they cost a quarter of a second to load.
 */
export async function renderFigure(figure: Figure): Promise<FigureResult<RenderedFigure>> {
  const message = checkFigure(figure);
  if (message !== undefined) return { ok: false, message };
  const json = vegaLite(figure);
  const svg = await renderSvg(json, figure.name);
  return { ok: true, value: { svg, png: await renderPng(svg), json, csv: figureCsv(figure) } };
}

async function renderSvg(specification: object, name: string): Promise<string> {
  const [vega, vegaLiteLibrary] = await Promise.all([import("vega"), import("vega-lite")]);
  measureWithShippedFont(vega);
  const complaints: string[] = [];
  const logger = collectingLogger(complaints);
  // A copy: Vega marks the rows of the data it is given.
  const compiled = vegaLiteLibrary.compile(structuredClone(specification) as TopLevelSpec, { logger });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: "none", logger });
  try {
    const svg = await view.toSVG();
    if (complaints.length > 0) throw new Error(`drawing figure "${name}": ${[...new Set(complaints)].join("; ")}`);
    return svg;
  } finally {
    view.finalize();
  }
}

/**
 * Vega lays text out with node-canvas and the machine's fonts if it finds them, else by a guess from the number of characters.
 * It honours a replacement of this function (its typings do not list it).
 */
function measureWithShippedFont(vega: object): void {
  const { textMetrics } = vega as { textMetrics: { width: (item: { fontSize?: number }, text: unknown) => number } };
  textMetrics.width = (item, text) => textWidth(String(text ?? "").trim(), item.fontSize ?? 11);
}

function collectingLogger(complaints: string[]) {
  const logger = {
    level: (): never => logger as never,
    error: (...parts: readonly unknown[]) => (complaints.push(parts.join(" ")), logger),
    warn: (...parts: readonly unknown[]) => (complaints.push(parts.join(" ")), logger),
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}

async function renderPng(svg: string): Promise<RenderedFigure["png"]> {
  let Resvg;
  try {
    ({ Resvg } = await import("@resvg/resvg-js"));
  } catch (error) {
    return { missing: `@resvg/resvg-js cannot be loaded here (${messageOf(error).split("\n")[0]!})` };
  }
  const image = new Resvg(svg, {
    font: { fontFiles: [fontFile()], loadSystemFonts: false, defaultFontFamily: shippedFontName, sansSerifFamily: shippedFontName },
    fitTo: { mode: "zoom", value: 2 },
    background: "white",
  });
  return image.render().asPng();
}

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { replaceDurably } from "../store/durableFile.ts";
import type { Figure, FigureResult } from "./figure.ts";
import { renderFigure } from "./render.ts";

/** The files of a figure, and what of it could not be written. */
export interface WrittenFigure { readonly paths: readonly string[]; readonly notes: readonly string[] }

/** Writes NAME.svg, NAME.png, NAME.csv and NAME.json into a folder, which is made if need be. */
export async function writeFigure(directory: string, figure: Figure): Promise<FigureResult<WrittenFigure>> {
  const rendered = await renderFigure(figure);
  if (!rendered.ok) return rendered;
  await mkdir(directory, { recursive: true });
  const { svg, png, csv, json } = rendered.value;
  const missing = "missing" in png ? [`${figure.name}.png is not written: ${png.missing}`] : [];
  const files = { svg, ...("missing" in png ? {} : { png }), csv, json: JSON.stringify(json, null, 1) + "\n" };
  const paths: string[] = [];
  for (const [extension, content] of Object.entries(files)) {
    const path = join(directory, `${figure.name}.${extension}`);
    await replaceDurably(path, content);
    paths.push(path);
  }
  return { ok: true, value: { paths, notes: missing } };
}

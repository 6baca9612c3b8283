import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { replaceDurably } from "../store/durableFile.ts";
import type { Figure, FigureResult } from "./figure.ts";
import { renderFigure } from "./render.ts";

/** Writes NAME.svg, NAME.png, NAME.csv and NAME.json into a folder, which is made if need be; the value is the four paths. */
export async function writeFigure(directory: string, figure: Figure): Promise<FigureResult<readonly string[]>> {
  const rendered = await renderFigure(figure);
  if (!rendered.ok) return rendered;
  await mkdir(directory, { recursive: true });
  const { svg, png, csv, json } = rendered.value;
  const files = { svg, png, csv, json: JSON.stringify(json, null, 1) + "\n" };
  const paths: string[] = [];
  for (const [extension, content] of Object.entries(files)) {
    const path = join(directory, `${figure.name}.${extension}`);
    await replaceDurably(path, content);
    paths.push(path);
  }
  return { ok: true, value: paths };
}

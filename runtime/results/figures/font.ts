import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The family named in every figure: the font we ship first, then its nearest relative in metrics, for browsers without it. */
export const fontFamily = "DejaVu Sans, Verdana, sans-serif";

/** The name under which the shipped font file knows itself. */
export const shippedFontName = "DejaVu Sans";

/** Path of the shipped font file, so that a PNG never depends on what the machine has installed. */
export function fontFile(): string {
  return createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
}

/**
 * Width in pixels of one line of text in the shipped font, from the font's own table of advance widths (without kerning).
 * Layout from these numbers is exact and the same on every machine; Vega's guess without a canvas is a fifth too wide.
 */
export function textWidth(text: string, fontSize: number): number {
  advances ??= readAdvances(readFileSync(fontFile()));
  let units = 0;
  for (const character of text) units += advances.ofCodePoint(character.codePointAt(0)!);
  return (units * fontSize) / advances.unitsPerEm;
}

interface Advances {
  readonly unitsPerEm: number;
  readonly ofCodePoint: (codePoint: number) => number;
}

let advances: Advances | undefined;

function readAdvances(bytes: Buffer): Advances {
  const tables = new Map<string, number>();
  for (let i = 0; i < bytes.readUInt16BE(4); i++) {
    const record = 12 + 16 * i;
    tables.set(bytes.toString("latin1", record, record + 4), bytes.readUInt32BE(record + 8));
  }
  const table = (tag: string): number => {
    const offset = tables.get(tag);
    if (offset === undefined) throw new Error(`the shipped font has no ${tag} table`);
    return offset;
  };
  const metricCount = bytes.readUInt16BE(table("hhea") + 34);
  const metrics = table("hmtx");
  const glyphOf = readGlyphIndex(bytes, table("cmap"));
  return {
    unitsPerEm: bytes.readUInt16BE(table("head") + 18),
    // Glyphs beyond the metrics share the last advance (that is how the format stores monospaced tails).
    ofCodePoint: (codePoint) => bytes.readUInt16BE(metrics + 4 * Math.min(glyphOf(codePoint), metricCount - 1)),
  };
}

/** Code point → glyph, from the segment map (format 4) every TrueType font carries for the basic plane; 0 is the missing glyph. */
function readGlyphIndex(bytes: Buffer, cmap: number): (codePoint: number) => number {
  let map = -1;
  for (let i = 0; i < bytes.readUInt16BE(cmap + 2); i++) {
    const candidate = cmap + bytes.readUInt32BE(cmap + 4 + 8 * i + 4);
    if (bytes.readUInt16BE(candidate) === 4) map = candidate;
  }
  if (map < 0) throw new Error("the shipped font has no basic character map");
  const doubledCount = bytes.readUInt16BE(map + 6);
  const ends = map + 14;
  const starts = ends + doubledCount + 2;
  const deltas = starts + doubledCount;
  const offsets = deltas + doubledCount;
  return (codePoint) => {
    if (codePoint > 0xffff) return 0;
    for (let segment = 0; segment < doubledCount; segment += 2) {
      if (bytes.readUInt16BE(ends + segment) < codePoint) continue;
      const start = bytes.readUInt16BE(starts + segment);
      if (start > codePoint) return 0;
      const delta = bytes.readUInt16BE(deltas + segment);
      const offset = bytes.readUInt16BE(offsets + segment);
      if (offset === 0) return (codePoint + delta) & 0xffff;
      const glyph = bytes.readUInt16BE(offsets + segment + offset + 2 * (codePoint - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

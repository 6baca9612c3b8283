/** Where the label of a vertical line goes: the line continues above the frame up to its label's row. */
export interface VerticalLabel {
  readonly label: string;
  /** Position of the line, in pixels from the left of the frame. */
  readonly x: number;
  /** 0 is the row nearest to the frame. */
  readonly row: number;
  /** Whether the text begins at the line or ends there. */
  readonly align: "left" | "right";
}

/** A line with the width of its text, in pixels. */
export interface MeasuredVertical {
  readonly label: string;
  readonly x: number;
  readonly width: number;
}

const gap = 10;

/**
 * Places labels above a frame of the given width so that none touches another label or another line. Labels of the lines on
 * the left extend to the left, the others to the right; the split that needs the fewest rows and least overhangs the frame wins.
 */
export function placeVerticalLabels(verticals: readonly MeasuredVertical[], frameWidth: number): readonly VerticalLabel[] {
  const sorted = [...verticals].sort((a, b) => a.x - b.x);
  let best: { cost: number; labels: readonly VerticalLabel[] } | undefined;
  for (let split = 0; split <= sorted.length; split++) {
    const left = sorted.slice(0, split);
    const right = sorted.slice(split);
    const labels = [...stack(left, "right"), ...stack(right, "left")];
    const overhang = Math.max(0, ...left.map(({ x, width }) => width - x), ...right.map(({ x, width }) => x + width - frameWidth));
    const cost = Math.max(0, ...labels.map(({ row }) => row)) * 40 + overhang;
    if (best === undefined || cost < best.cost) best = { cost, labels };
  }
  return best?.labels ?? [];
}

/**
 * Rows for labels that all extend to the same side. A label has to clear the lines it reaches over, which rise to their own
 * labels' rows, so rows are given from the side the labels extend to: each label goes one row above all it reaches over.
 */
function stack(verticals: readonly MeasuredVertical[], align: VerticalLabel["align"]): readonly VerticalLabel[] {
  const outermostFirst = align === "left" ? [...verticals].reverse() : verticals;
  const placed: VerticalLabel[] = [];
  for (const { label, x, width } of outermostFirst) {
    const reachedOver = placed.filter((other) => Math.abs(other.x - x) < width + gap);
    placed.push({ label, x, align, row: Math.max(-1, ...reachedOver.map((other) => other.row)) + 1 });
  }
  return placed;
}

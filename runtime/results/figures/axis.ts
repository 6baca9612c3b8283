import { type Domain, position } from "./domain.ts";
import type { Axis } from "./figure.ts";
import { textWidth } from "./font.ts";
import type { Layer } from "./layer.ts";
import { fontSize, frame } from "./theme.ts";
import { axisTicks, type Tick } from "./ticks.ts";

/** The x or y channel of a figure: field, scale and axis, with the ticks and the title that fit on the frame. */
export function axisChannel(name: "x" | "y", axis: Axis, domain: Domain): Layer {
  const linear = { type: "linear", domain, nice: false, zero: false };
  return {
    field: name,
    type: "quantitative",
    // Vega-Lite warns where `zero` is set on a log scale, even to what it is.
    scale: axis.scale === "linear" ? linear : { type: "log", domain, nice: false },
    axis: { ...titleOf(name, axis), ...ticksOf(name, axis, domain) },
  };
}

/** A formula too long for the axis is broken in two lines, and shrinks if it is still too long; nothing is cut. */
function titleOf(name: "x" | "y", axis: Axis): Layer {
  const room = frame[name === "x" ? "width" : "height"] + 30;
  const whole = axis.unit === undefined ? axis.label : `${axis.label} (${axis.unit})`;
  const title = textWidth(whole, fontSize.title) <= room ? [whole] : breakInTwo(whole);
  const widest = Math.max(1, ...title.map((line) => textWidth(line, fontSize.title)));
  return { title, titleFontSize: fontSize.title * Math.min(1, room / widest), titleLimit: 0 };
}

/** Breaks at the space nearest to the middle. */
function breakInTwo(text: string): string[] {
  const spaces = [...text.matchAll(/ /g)].map((match) => match.index);
  if (spaces.length === 0) return [text];
  const middle = spaces.reduce((best, at) => (Math.abs(at - text.length / 2) < Math.abs(best - text.length / 2) ? at : best));
  return [text.slice(0, middle), text.slice(middle + 1)];
}

function ticksOf(name: "x" | "y", axis: Axis, domain: Domain): Layer {
  const ticks = axisTicks(axis.scale, domain, (candidates) => labelsFit(name, axis, domain, candidates));
  const values = JSON.stringify(ticks.map((tick) => tick.value));
  const labels = JSON.stringify(ticks.map((tick) => tick.label));
  // The labels are ours, not d3's: it writes 0.0000001 and 1,000,000.
  const label = `${labels}[indexof(${values}, datum.value)]`;
  const hasMinor = ticks.some((tick) => tick.label === "");
  return {
    values: ticks.map((tick) => tick.value),
    labelExpr: label,
    tickSize: hasMinor ? { condition: { test: `${label} === ''`, value: 3 }, value: 6 } : 5,
  };
}

/** Whether the labels of an axis keep a distance: along x their widths count, along y their height. */
function labelsFit(name: "x" | "y", axis: Axis, domain: Domain, ticks: readonly Tick[]): boolean {
  const extents = ticks
    .filter((tick) => tick.label !== "")
    .map(({ value, label }) => ({
      centre: position(value, axis.scale, domain) * frame[name === "x" ? "width" : "height"],
      half: name === "x" ? textWidth(label, fontSize.label) / 2 + 7 : fontSize.label,
    }));
  return extents.every((one, i) => i === 0 || one.centre - one.half >= extents[i - 1]!.centre + extents[i - 1]!.half);
}

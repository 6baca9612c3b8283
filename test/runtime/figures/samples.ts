import type { Figure, HistogramSeries } from "../../../runtime/results/figures/figure.ts";

/** Densities of a skewed bell at given places; an analytic stand-in for samples, so that the figure never changes. */
function histogram(label: string, centre: number, width: number, bins: number): HistogramSeries {
  const edges = Array.from({ length: bins + 1 }, (_, i) => centre - 3.2 * width + (i * 7 * width) / bins);
  const samples = 2000;
  const count = edges.slice(1).map((edge, i) => {
    const z = ((edge + edges[i]!) / 2 - centre) / width;
    // A fixed ripple gives the roughness of counting noise.
    const ripple = 1 + 0.13 * Math.sin(7.3 * i) + 0.09 * Math.sin(2.9 * i * i);
    return Math.round(((samples * 7) / bins) * 0.4 * Math.exp(-(z * z) / (2 * (z > 0 ? 1.3 : 0.9))) * ripple);
  });
  const total = count.reduce((sum, value) => sum + value, 0);
  return { kind: "histogram", label, edges, density: count.map((value, i) => value / total / (edges[i + 1]! - edges[i]!)), count };
}

/** `plot histogram(Minima.loss, bins = 40) by N with -Landscape.E_inf, -Landscape.E[0]` */
export const minima: Figure = {
  name: "loss-surfaces-1",
  x: { label: "Minima.loss", scale: "linear" },
  y: { label: "density", scale: "linear" },
  legend: "N",
  series: [histogram("25", -1.596, 0.034, 40), histogram("50", -1.618, 0.018, 40), histogram("100", -1.633, 0.009, 40)],
  verticals: [
    { label: "-Landscape.E_inf", value: -1.633 },
    { label: "-Landscape.E[0]", value: -1.657 },
  ],
};

const energies = Array.from({ length: 101 }, (_, i) => -1.68 + (0.05 * i) / 100);

/** `plot Landscape.complexity(u, k) for u in -1.68..-1.63, k in 0..5` */
export const complexity: Figure = {
  name: "loss-surfaces-2",
  x: { label: "u", scale: "linear" },
  y: { label: "Landscape.complexity(u, k)", scale: "linear" },
  legend: "k",
  series: [0, 1, 2, 3, 4, 5].map((k) => ({
    kind: "line",
    label: String(k),
    x: energies,
    y: energies.map((u) => 0.023 + 0.95 * (u + 1.633) - k * 21 * Math.max(0, -1.633 - u) ** 1.5 * 0.2),
  })),
  verticals: [],
};

const temperatures = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1];
const fine = Array.from({ length: 161 }, (_, i) => 10 ** (-4 + i / 40));
const capacity = (temperature: number, size: number): number => 1 / (1 + (temperature * size) ** 0.8 / 4);

/** `plot 2 * mean(Thermal.L) / T vs T by P log x with Theory…`: simulation and theory of three sizes, with gaps in both. */
export const thermal: Figure = {
  name: "thermal",
  title: "Thermal landscape",
  x: { label: "T", unit: "J", scale: "log" },
  y: { label: "2 * mean(Thermal.L) / T", scale: "linear" },
  legend: "P",
  series: [20, 100, 400].flatMap((size) => [
    { kind: "line" as const, label: String(size), x: fine, y: fine.map((t, i) => (i === 40 ? Number.NaN : capacity(t, size))) },
    {
      kind: "points" as const,
      label: String(size),
      x: temperatures,
      y: temperatures.map((t, i) => (i === 2 && size === 20 ? Number.NaN : capacity(t, size) + 0.02 * Math.sin(9 * i + size))),
      error: temperatures.map((_, i) => 0.012 + 0.005 * i),
    },
  ]),
  verticals: [],
};

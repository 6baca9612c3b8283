/** All records of a run as a table of columns: what the export formats write. */
import { atPoint, type PlannedStep, type RunPlan } from "../../engine/plan.ts";
import type { RunRecords, TaskRecord } from "../records.ts";

export interface ExportTable {
  readonly run: string;
  /** One for each record of each task, in the order of points, samples, starts and time. */
  readonly rows: number;
  readonly columns: readonly ExportColumn[];
  /** Facts about the run: its model, seed, version. */
  readonly about: Readonly<Record<string, string>>;
}

export interface ExportColumn {
  readonly name: string;
  /** Of dimensionless numbers "1". */
  readonly unit: string;
  readonly doc: string;
  readonly kind: "integer" | "real";
  /** Of one row: empty for a number. */
  readonly shape: readonly number[];
  /** rows × shape, row-major. */
  readonly values: Float64Array;
}

export function exportTable({ plan, tasks }: RunRecords, version: string): ExportTable {
  const sorted = [...tasks].sort((a, b) => a.point - b.point || a.sample - b.sample || a.start - b.start);
  const rows = sorted.reduce((sum, task) => sum + task.records, 0);
  const measure = plan.steps.find((step) => step.kind === "measure");
  const column = (name: string, kind: ExportColumn["kind"], doc: string, value: (task: TaskRecord, record: number) => number, unit = "1"): ExportColumn => {
    const values = new Float64Array(rows);
    let row = 0;
    for (const task of sorted) for (let record = 0; record < task.records; record++) values[row++] = value(task, record);
    return { name, unit, doc, kind, shape: [], values };
  };
  const observables = [...new Set(sorted.flatMap((task) => Object.keys(task.values)))];
  const weighted = sorted.some((task) => task.weights !== undefined);
  return {
    run: plan.run,
    rows,
    about: { run: plan.run, model: plan.model, seed: String(plan.seed), quench: version },
    columns: [
      ...plan.sweep.map(({ name, values }) => column(name, values.every(Number.isSafeInteger) ? "integer" : "real", "sweep variable", (task) => plan.points[task.point]!.sweep[name]!)),
      column("sample", "integer", "disorder sample, from 1", (task) => task.sample + 1),
      column("start", "integer", "initial state, from 1", (task) => task.start + 1),
      column("record", "integer", "number of the record within its task, from 1", (_, record) => record + 1),
      ...(measure && !weighted ? [column("time", isWhole(plan, measure) ? "integer" : "real", "since the measurement began", (task, record) => (record + 1) * atPoint(measure.every, task.point), measure.unit)] : []),
      ...(weighted ? [column("weight", "real", "Gibbs weight of the record; those of a task sum to 1", (task, record) => task.weights?.[record] ?? 1 / task.records)] : []),
      ...observables.map((name) => observableColumn(name, sorted, rows)),
    ],
  };
}

const isWhole = ({ points }: RunPlan, { every }: PlannedStep): boolean => points.every((_, point) => Number.isSafeInteger(atPoint(every, point)));

/** Tasks that lack it, or have it in another size, leave NaN. */
function observableColumn(name: string, tasks: readonly TaskRecord[], rows: number): ExportColumn {
  const sizeOf = (task: TaskRecord): number => (task.values[name]?.length ?? 0) / task.records;
  const size = Math.max(...tasks.map(sizeOf));
  const known = tasks.find((task) => task.shapes?.[name] !== undefined && sizeOf(task) === size);
  const values = new Float64Array(rows * size).fill(NaN);
  let row = 0;
  for (const task of tasks) {
    const own = sizeOf(task);
    for (let record = 0; record < task.records; record++, row++) for (let k = 0; k < own; k++) values[row * size + k] = task.values[name]![record * own + k]!;
  }
  const isArray = size !== 1;
  return { name, unit: "1", doc: "observable", kind: "real", shape: isArray ? (known?.shapes?.[name] ?? [size]) : [], values };
}

/** Names and positions of the numbers in a row of the column: `g` itself, or `g[1,2]` with indices from 1. */
export function entryNames({ name, shape }: ExportColumn): readonly string[] {
  const size = shape.reduce((product, n) => product * n, 1);
  if (shape.length === 0) return [name];
  return Array.from({ length: size }, (_, k) => {
    const subscripts: number[] = [];
    for (let axis = shape.length - 1, rest = k; axis >= 0; axis--) {
      subscripts.unshift((rest % shape[axis]!) + 1);
      rest = Math.floor(rest / shape[axis]!);
    }
    return `${name}[${subscripts.join(",")}]`;
  });
}

/** The numbers at one position of a row, for all rows. */
export function entryValues({ values, shape }: ExportColumn, position: number): Float64Array {
  const size = shape.reduce((product, n) => product * n, 1);
  return Float64Array.from({ length: values.length / size }, (_, row) => values[row * size + position]!);
}

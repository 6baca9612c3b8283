/** Exports read back by others' readers: NumPy where it is there, h5wasm, hyparquet, csv-parse. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { afterAll, describe, expect, test } from "vitest";
import { sources } from "../../../runtime/data/index.ts";
import { exportFormats, exportTable } from "../../../runtime/results/export/index.ts";
import { entryNames, entryValues } from "../../../runtime/results/export/exportTable.ts";
import { tasksOf } from "../../../runtime/results/store/storedTasks.ts";
import { descentStep, sizePlan } from "../engine/plans.ts";

const folder = mkdtempSync(join(tmpdir(), "quench-export-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan = sizePlan([5, 7], { sweep: [{ name: "N", values: [5, 7] }], starts: 2, steps: [descentStep(2, { kind: "measure", amount: 30, every: 10 })] });
const exact = [2 ** 53 - 1, -(2 ** 53 - 1), 3, 0.1, 1 / 3, 5e-324, Infinity, -Infinity, NaN];
const tasks = [...tasksOf(plan)].map((task, number) => ({
  ...task, records: 3, steps: [],
  values: { "E_ψ": [0, 1, 2].map((k) => exact[(3 * number + k) % exact.length]!), g: Array.from({ length: 12 }, (_, k) => number + k / 7) },
  shapes: { g: [2, 2] },
}));
// A task comes in any order, and one is missing.
const table = exportTable({ plan, tasks: [...tasks.slice(1)].reverse() }, "1.2.3");
const columns = table.columns.flatMap((column) => entryNames(column).map((name, k) => ({ name, values: [...entryValues(column, k)] })));
const rows = 11 * 3;
const same = (a: readonly number[], b: readonly number[]): void => {
  expect(a.length).toBe(b.length);
  expect(a.every((value, k) => Object.is(value, b[k]))).toBe(true);
};

test("the table: indices from 1, time in its unit, entries of arrays", () => {
  expect(table.columns.map((c) => [c.name, c.kind, c.unit, c.shape])).toEqual([
    ["N", "integer", "1", []], ["sample", "integer", "1", []], ["start", "integer", "1", []], ["record", "integer", "1", []], ["time", "integer", "steps", []],
    ["E_ψ", "real", "1", []], ["g", "real", "1", [2, 2]],
  ]);
  expect(columns.map((c) => c.name).slice(-4)).toEqual(["g[1,1]", "g[1,2]", "g[2,1]", "g[2,2]"]);
  expect(table.rows).toBe(rows);
  const value = (name: string): readonly number[] => columns.find((c) => c.name === name)!.values;
  expect(value("N").slice(0, 16)).toEqual([...Array<number>(15).fill(5), 7]);
  expect(value("start").slice(0, 6)).toEqual([2, 2, 2, 1, 1, 1]);
  expect(value("time").slice(0, 4)).toEqual([10, 20, 30, 10]);
  same(value("E_ψ"), tasks.slice(1).flatMap((t) => t.values["E_ψ"]));
  same(value("g[2,1]"), tasks.slice(1).flatMap((t) => [0, 1, 2].map((r) => t.values.g[4 * r + 2]!)));
});

test("csv", async () => {
  const read = parse(Buffer.from(await exportFormats.csv.write(table)), {}) as string[][];
  expect(read[0]).toEqual(columns.map((c) => (c.name === "time" ? "time (steps)" : c.name)));
  const number = (text: string): number => ({ nan: NaN, inf: Infinity, "-inf": -Infinity })[text] ?? Number(text);
  columns.forEach(({ values }, k) => same(read.slice(1).map((row) => number(row[k]!)), values));
});

test("jsonl", async () => {
  const lines = Buffer.from(await exportFormats.jsonl.write(table)).toString().trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.length).toBe(rows + 1);
  expect(lines[0]!["about"]).toMatchObject({ run: "Minima", model: "SphericalPair", seed: "7", quench: "1.2.3" });
  expect((lines[0]!["columns"] as { name: string; unit: string }[]).find((c) => c.name === "time")!.unit).toBe("steps");
  const number = (value: unknown): number => (value === null ? NaN : value === "inf" ? Infinity : value === "-inf" ? -Infinity : Number(value));
  same(lines.slice(1).map((l) => number(l["E_ψ"])), columns.find((c) => c.name === "E_ψ")!.values);
  expect(lines[1]!["g"]).toEqual([[1, 1 + 1 / 7], [1 + 2 / 7, 1 + 3 / 7]]);
});

const numpy = spawnSync("python3", ["-c", "import numpy"]).status === 0;

describe("npz", () => {
  const path = join(folder, "table.npz");
  test.skipIf(!numpy)("by NumPy", async () => {
    writeFileSync(path, await exportFormats.npz.write(table));
    const program = "import numpy, json, sys\nz = numpy.load(sys.argv[1])\nprint(json.dumps({k: [str(z[k].dtype), z[k].shape, [x if isinstance(x, str) else x.hex() if isinstance(x, float) else x for x in z[k].ravel().tolist()]] for k in z}))";
    const { stdout, stderr } = spawnSync("python3", ["-c", program, path], { encoding: "utf8", env: { ...process.env, PYTHONIOENCODING: "utf8" } });
    expect(stderr).toBe("");
    const read = JSON.parse(stdout) as Record<string, [string, number[], (number | string)[]]>;
    expect(read["columns"]![2]).toEqual(table.columns.map((c) => c.name));
    expect(read["units"]![2]).toEqual(table.columns.map((c) => c.unit));
    expect(read["g"]!.slice(0, 2)).toEqual(["float64", [rows, 2, 2]]);
    expect(read["sample"]!.slice(0, 2)).toEqual(["int64", [rows]]);
    same(read["record"]![2].map(Number), columns.find((c) => c.name === "record")!.values);
    const fromHex = (text: string): number => {
      if (/nan/.test(text)) return NaN;
      if (/inf/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
      const [, sign, whole, fraction, exponent] = /^(-?)0x([01])\.([0-9a-f]+)p([+-]\d+)$/.exec(text)!;
      return (sign ? -1 : 1) * (Number(whole) + parseInt(fraction!, 16) / 16 ** fraction!.length) * 2 ** Number(exponent);
    };
    same(read["E_ψ"]![2].map((x) => fromHex(String(x))), columns.find((c) => c.name === "E_ψ")!.values);
  });

  test("by the data source of the language", async () => {
    writeFileSync(path, await exportFormats.npz.write(table));
    const [g, sample] = sources["npz"]!.read({ data: path }, [{ name: "g", axes: 3 }, { name: "sample", axes: 1 }], folder);
    expect(g!.shape).toEqual([rows, 2, 2]);
    same([...g!.values], [...table.columns.at(-1)!.values]);
    same([...sample!.values], columns.find((c) => c.name === "sample")!.values);
  });
});

test("hdf5", async () => {
  const path = join(folder, "table.h5");
  writeFileSync(path, await exportFormats.hdf5.write(table));
  const { default: h5wasm } = await import("h5wasm/node");
  await h5wasm.ready;
  const file = new h5wasm.File(path, "r");
  expect(file.attrs["model"]!.value).toBe("SphericalPair");
  for (const { name, unit, kind, shape, values } of table.columns) {
    const dataset = file.get(name) as InstanceType<typeof h5wasm.Dataset>;
    expect([dataset.shape, dataset.attrs["unit"]!.value, dataset.dtype]).toEqual([[rows, ...shape], unit, kind === "integer" ? "<q" : "<d"]);
    same(Array.from(dataset.value as ArrayLike<number | bigint>, Number), [...values]);
  }
  file.close();
});

test("parquet", async () => {
  const bytes = await exportFormats.parquet.write(table);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const read = await parquetReadObjects({ file }) as Record<string, number | bigint>[];
  for (const { name, values } of columns) same(read.map((row) => Number(row[name])), values);
  expect(typeof read[0]!["sample"]).toBe("bigint");
  const facts = Object.fromEntries(parquetMetadata(file).key_value_metadata!.map(({ key, value }) => [key, value]));
  expect(facts).toMatchObject({ model: "SphericalPair", "unit:time": "steps", "unit:g": "1" });
});

test("an exact sum has weights, and no time", async () => {
  const weighted = exportTable({ plan, tasks: [{ ...tasks[0]!, weights: [0.5, 0.25, 0.25] }] }, "1");
  expect(weighted.columns.map((c) => c.name)).toEqual(["N", "sample", "start", "record", "weight", "E_ψ", "g"]);
  same([...weighted.columns[4]!.values], [0.5, 0.25, 0.25]);
});

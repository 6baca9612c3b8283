/** Backends of tfjs that are missing, broken or unwilling, by stand-ins for their packages. */
import { beforeAll, describe, expect, test } from "vitest";
import type { PackageLoader, TensorFlow } from "../../../runtime/backends/tfjs.ts";
import { loadTfjs } from "../../../runtime/backends/tfjs.ts";

let core: TensorFlow;
beforeAll(async () => {
  const loaded = await loadTfjs("cpu");
  if (!loaded.ok) throw new Error(loaded.notes.join("; "));
  core = loaded.tf;
});

/** The real packages, but for those of `replaced`. */
const withStandIns = (replaced: Readonly<Record<string, () => unknown>>): PackageLoader => async (name) => {
  const make = replaced[name];
  if (make) return make();
  const module = (await import(name)) as { readonly default?: unknown };
  return module.default ?? module;
};
/** tfjs-node, with some of its functions replaced. */
const node = (functions: Partial<Record<keyof TensorFlow, unknown>>): unknown => Object.assign(Object.create(core) as object, { setBackend: async () => true, getBackend: () => "tensorflow", ...functions });
const missing = (): never => {
  throw Object.assign(new Error("Cannot find package '@tensorflow/tfjs-node' imported from here\nsecond line"), { code: "ERR_MODULE_NOT_FOUND" });
};

test("without stand-ins: the best backend that is installed, and one line for each better one that is not", async () => {
  const loaded = await loadTfjs();
  if (!loaded.ok) throw new Error("tfjs is a dependency");
  const rank = ["tensorflow", "wasm", "cpu"].indexOf(loaded.backend);
  expect(rank).toBeLessThan(2);
  expect(loaded.notes.length).toBe(rank);
  for (const note of loaded.notes) expect(note).toMatch(/^tfjs: the tensorflow backend can't be used \(.+\); trying wasm$/);
  expect(loaded.tf.getBackend()).toBe(loaded.backend);
});

test("a preference skips what is faster, without a note", async () => {
  expect(await loadTfjs("wasm")).toMatchObject({ ok: true, backend: "wasm", notes: [] });
  expect(await loadTfjs("cpu")).toMatchObject({ ok: true, backend: "cpu", notes: [] });
});

describe("tfjs-node", () => {
  const modes: Record<string, readonly [() => unknown, RegExp]> = {
    "is not installed": [missing, /tfjs-node is not installed/],
    "throws something that is no Error": [() => { throw "no binding"; }, /\(no binding\)/],
    "is another thing": [() => ({}), /enableProdMode/],
    "refuses to start": [() => node({ setBackend: async () => false }), /refuses to start/],
    "rejects when it starts": [() => node({ setBackend: async () => { throw new Error("dlopen failed"); } }), /dlopen failed/],
    "throws at its first kernel": [() => node({ matMul: () => { throw new Error("util.isNullOrUndefined is not a function"); } }), /isNullOrUndefined/],
    "computes nonsense": [() => node({ matMul: (a: never) => core.neg(a) }), /product of two matrices is wrong: -1,-2,-3,-4/],
  };
  test.each(Object.entries(modes))("%s: wasm takes over, with one line", async (_, [make, reason]) => {
    const loaded = await loadTfjs("auto", withStandIns({ "@tensorflow/tfjs-node": make }));
    expect(loaded).toMatchObject({ ok: true, backend: "wasm" });
    expect(loaded.notes.length).toBe(1);
    expect(loaded.notes[0]).toMatch(reason);
    expect(loaded.notes[0]).not.toContain("\n");
  });

  test("works when it does what it should", async () => {
    const loaded = await loadTfjs("auto", withStandIns({ "@tensorflow/tfjs-node": () => node({}) }));
    expect(loaded).toMatchObject({ ok: true, backend: "tensorflow", notes: [] });
  });
});

describe("webgpu, which is tried only on request", () => {
  const dawn = { create: () => ({}), globals: {} };
  const absent = (name: string) => (): never => { throw Object.assign(new Error(`Cannot find package '${name}' imported from here`), { code: "ERR_MODULE_NOT_FOUND" }); };
  const modes: Record<string, readonly [Readonly<Record<string, () => unknown>>, RegExp]> = {
    "Dawn is not installed": [{ webgpu: absent("webgpu") }, /\(webgpu is not installed\); trying tensorflow$/],
    "the backend is not installed": [{ webgpu: () => dawn, "@tensorflow/tfjs-backend-webgpu": absent("@tensorflow/tfjs-backend-webgpu") }, /tfjs-backend-webgpu is not installed/],
    "there is no graphics card": [{ webgpu: () => ({ ...dawn, create: () => { throw new Error("no adapter"); } }) }, /no adapter/],
    "Dawn is another thing": [{ webgpu: () => ({}) }, /create/],
    "the backend registers nothing": [{ webgpu: () => dawn, "@tensorflow/tfjs-backend-webgpu": () => ({}) }, /webgpu backend can't be used/],
  };
  test.each(Object.entries(modes))("%s: the next one takes over, with one line each", async (_, [replaced, reason]) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
    const loaded = await loadTfjs("webgpu", withStandIns({ ...replaced, "@tensorflow/tfjs-node": missing }));
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else Reflect.deleteProperty(globalThis, "navigator");
    expect(loaded).toMatchObject({ ok: true, backend: "wasm" });
    expect(loaded.notes.length).toBe(2);
    expect(loaded.notes[0]).toMatch(reason);
    expect(loaded.notes.join("")).not.toContain("\n");
  });
  test("is not in the way of those who didn't ask", async () => {
    const loaded = await loadTfjs("auto", withStandIns({ "@tensorflow/tfjs-node": missing, webgpu: () => { throw new Error("touched"); } }));
    expect(loaded.notes.join("")).not.toContain("webgpu");
  });
});

test("each backend falls back on the next, and the last one on the model's own kernels", async () => {
  const noWasm = { "@tensorflow/tfjs-node": missing, "@tensorflow/tfjs-backend-wasm": () => { throw new Error("no WebAssembly"); } };
  const onCpu = await loadTfjs("auto", withStandIns(noWasm));
  expect(onCpu).toMatchObject({ ok: true, backend: "cpu" });
  expect(onCpu.notes.map((n) => n.replace(/.*; /, ""))).toEqual(["trying wasm", "trying cpu"]);

  const none = await loadTfjs("auto", withStandIns({ ...noWasm, "@tensorflow/tfjs-core": () => { throw new Error("no core"); } }));
  expect(none.ok).toBe(false);
  expect(none.notes.length).toBe(3);
  expect(none.notes[2]).toMatch(/no core\); the model's own kernels run instead$/);
});
